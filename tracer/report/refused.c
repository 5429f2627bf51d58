/* Special registers that KVM refused, and the tracer's notes on a call. */
#include <asm/processor-flags.h>

#include "guest/guest.h"
#include "report/fields.h"
#include "report/study.h"

#define NOTES_SHOWN 8
/* SDM vol. 3A, "Extended Feature Enable Register" */
#define EFER_LME (1u << 8)

/* What is refused may lack the very bit that would make it long mode. */
static const char *name_wanted(const struct kvm_sregs *sregs)
{
	if (sregs->cr0 & X86_CR0_PG && sregs->efer & EFER_LME)
		return "long mode";
	return study_mode_title(guest_mode_name(guest_find_mode(sregs)));
}

const char *study_name_refused(const struct study *study,
			       struct answer *answer)
{
	const json_t *event = study->refused;

	return answer_format(answer, "%s%s was refused with %s (%s",
			     answer_quote(answer, field_text(event, "name")),
			     answer_place(answer, event),
			     answer_quote(answer, field_text(event, "errno")),
			     answer_cite(answer, event));
}

/* __set_sregs_common() in arch/x86/kvm/x86.c checks before it changes. */
void study_tell_refused(const struct study *study, struct answer *answer)
{
	const json_t *event = study->refused;
	struct kvm_sregs sregs = { 0 };

	if (!event)
		return;
	answer_text(answer, "%s), so the vCPU kept the special registers that "
		    "it had.", study_name_refused(study, answer));
	study_tell_notes(answer, event, true);
	if (!field_has(study->refused_sregs, "cr0"))
		return;
	study_read_sregs(study->refused_sregs, &sregs);
	answer_text(answer, "It asked for %s: `CR0` = %s, `CR3` = %s, `CR4` = "
		    "%s, `EFER` = %s, `CS.base` = %s, `CS.L` = %u.",
		    name_wanted(&sregs), answer_hex(answer, sregs.cr0),
		    answer_hex(answer, sregs.cr3),
		    answer_hex(answer, sregs.cr4),
		    answer_hex(answer, sregs.efer),
		    answer_hex(answer, sregs.cs.base), sregs.cs.l);
}

void study_tell_notes(struct answer *answer, const json_t *event,
		      bool with_warnings)
{
	const json_t *notes = field_find(event, "notes");

	for (size_t i = 0; i < json_array_size(notes) && i < NOTES_SHOWN; i++) {
		const json_t *note = json_array_get(notes, i);

		if (field_is(note, "severity", "error") ||
		    (with_warnings && field_is(note, "severity", "warn")))
			answer_text(answer, "The tracer's note on that call "
				    "(%s): %s", answer_cite(answer, event),
				    answer_quote(answer, field_text(note,
								    "text")));
	}
}
