#include "explain/topics.h"

#include <stdio.h>
#include <string.h>

#include "explain/explain.h"
#include "explain/internal.h"

#define NAME_BYTES 64
#define LIST_INDENT 4

const struct explain_topics *const explain_topics[] = {
	&explain_topics_modes, &explain_topics_memory, &explain_topics_vcpu,
	&explain_topics_exits, &explain_topics_tracer,
};
const size_t explain_topics_count =
	sizeof(explain_topics) / sizeof(explain_topics[0]);

/* The next of "a, b c, d", cut to its room; NULL behind the last. */
static const char *next_name(const char *names, char name[NAME_BYTES])
{
	size_t length = strcspn(names, ",");

	if (!*names)
		return NULL;
	snprintf(name, NAME_BYTES, "%.*s", (int)length, names);
	names += length;
	return names + strspn(names, ", ");
}

static bool has_name(const struct explain_topic *topic, const char *wanted)
{
	const char *rest = topic->names;
	char name[NAME_BYTES];

	while ((rest = next_name(rest, name)))
		if (explain_is_alike(wanted, name))
			return true;
	return false;
}

static void show_text(struct buffer *out, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		struct buffer words = BUFFER_EMPTY;

		buffer_add(&words, text, length);
		buffer_add_string(out, "  ");
		explain_add_words(out, 2, buffer_string(&words));
		buffer_free(&words);
		text += length + (text[length] == '\n');
	}
}

static void show_topic(struct explain_page *page,
		       const struct explain_topic *topic)
{
	char name[NAME_BYTES];

	next_name(topic->names, name);
	explain_add_title(page, "%s: %s", name, topic->title);
	show_text(page->out, topic->text);
	explain_add_row(page, "see also", topic->see);
}

static unsigned int find_topics(struct explain_page *page,
				const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	for (size_t i = 0; !wanted->is_number && i < explain_topics_count; i++)
		for (size_t j = 0; j < explain_topics[i]->count; j++) {
			const struct explain_topic *topic =
				&explain_topics[i]->list[j];

			if (!has_name(topic, wanted->name))
				continue;
			show_topic(page, topic);
			found++;
		}
	return found;
}

static void offer_topic(struct explain_near *near,
			const struct explain_topic *topic)
{
	const char *rest = topic->names;
	char name[NAME_BYTES];

	while ((rest = next_name(rest, name)))
		explain_near_offer(near, name);
}

static void offer_topics(struct explain_near *near,
			 const struct explain_set *all)
{
	(void)all;
	for (size_t i = 0; i < explain_topics_count; i++)
		for (size_t j = 0; j < explain_topics[i]->count; j++)
			offer_topic(near, &explain_topics[i]->list[j]);
}

const struct explain_kind explain_concepts = { find_topics, offer_topics };

/* The list of all */

static const struct {
	const char *kind;
	const char *examples;
} kinds[] = {
	{ "ioctls", "KVM_SET_SREGS 0xae80" },
	{ "exits", "KVM_EXIT_IO KVM_EXIT_17 exit_reason" },
	{ "structures", "kvm_sregs kvm_run" },
	{ "members", "kvm_sregs.cr0 io.port flags" },
	{ "flags, values", "KVM_MEM_READONLY CR4.PAE" },
	{ "families", "KVM_MP_STATE_ CR0 MSR" },
	{ "capabilities", "KVM_CAP_IRQCHIP KVM_CAP_203" },
	{ "MSRs", "IA32_EFER MSR_STAR 0xc0000080" },
	{ "CPUID", "CPUID.1:ECX CPUID.7 leaf7" },
	{ "errors", "EINVAL EINTR" },
	{ "notes", "slot-overlap sregs-pae-missing" },
};

static void list_topics(struct buffer *out, const struct explain_topics *topics)
{
	struct buffer names = BUFFER_EMPTY;
	char name[NAME_BYTES];

	for (size_t i = 0; i < topics->count; i++) {
		next_name(topics->list[i].names, name);
		explain_add_item(&names, name);
	}
	buffer_add_format(out, "\n  %s\n%*s", topics->heading, LIST_INDENT, "");
	explain_add_words(out, LIST_INDENT, buffer_string(&names));
	buffer_free(&names);
}

void explain_list(struct buffer *out)
{
	buffer_add_string(out, "kvmtrace explain NAME...: what it means. Names "
			       "are, for example,\n");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		buffer_add_format(out, "  %-15s %s\n", kinds[i].kind,
				  kinds[i].examples);
	buffer_add_string(out, "and these words, in any case, with blanks, "
			       "dashes or underscores:\n");
	for (size_t i = 0; i < explain_topics_count; i++)
		list_topics(out, explain_topics[i]);
}
