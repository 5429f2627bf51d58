/* The codes of notes: whose KVM, the cause, and what helps. */
#include "annotate/diagnoses.h"
#include "explain/internal.h"

static const char *const severities[] = {
	[NOTE_INFO] = "for information", [NOTE_WARN] = "a warning",
	[NOTE_ERROR] = "an error",
};

static void show_diagnosis(struct explain_page *page,
			   const struct diagnosis *row)
{
	explain_add_title(page, "%s: a note, %s", row->code,
			  severities[row->severity]);
	explain_add_row(page, "vendor", row->vendor);
	explain_add_row(page, "cause", row->cause);
	if (row->remedy)
		explain_add_row(page, "remedy", row->remedy);
}

static unsigned int find_diagnoses(struct explain_page *page,
				   const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	for (size_t i = 0; !wanted->is_number && i < DIAGNOSIS_CODES; i++) {
		if (!explain_is_alike(wanted->name, diagnoses[i].code))
			continue;
		show_diagnosis(page, &diagnoses[i]);
		found++;
	}
	return found;
}

static void offer_diagnoses(struct explain_near *near,
			    const struct explain_set *all)
{
	(void)all;
	for (size_t i = 0; i < DIAGNOSIS_CODES; i++)
		explain_near_offer(near, diagnoses[i].code);
}

const struct explain_kind explain_diagnoses = {
	find_diagnoses, offer_diagnoses,
};
