#include "sink/text_internal.h"

#include <string.h>

/* What a result >= 0 is. */
enum gives {
	GIVES_PLAIN,
	GIVES_FD,
	GIVES_SUPPORT,		/* 0: no; otherwise yes, or how many */
	GIVES_SIZE,
	GIVES_PROCESS,
};

struct summary {
	const char *name;
	enum gives gives;
	bool (*add_inputs)(struct text_view *view, const json_t *in);
};

/* "2 MiB" when it is a round number, otherwise the number of bytes. */
void text_format_size(struct buffer *out, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	uint64_t size = bytes;
	int unit = -1;

	while (size && size % 1024 == 0 && unit < 3) {
		size /= 1024;
		unit++;
	}
	if (unit < 0)
		buffer_add_format(out, "%llu bytes", (unsigned long long)bytes);
	else
		buffer_add_format(out, "%llu %s", (unsigned long long)size,
				  units[unit]);
}

static void add_slot_range(struct text_view *view, uint64_t gpa, uint64_t size,
			   uint64_t hva)
{
	struct buffer *word = text_line_word(&view->line);

	buffer_add_format(word, "guest 0x%llx-0x%llx (",
			  (unsigned long long)gpa,
			  (unsigned long long)(gpa + size - 1));
	text_format_size(word, size);
	buffer_add_char(word, ')');
	text_line_put(&view->line, 1, STYLE_PLAIN);
	text_line_add(&view->line, 1, STYLE_PLAIN, "at host 0x%llx",
		      (unsigned long long)hva);
}

/*
 * struct kvm_userspace_memory_region; a size of 0 deletes the slot (api.rst
 * 4.35). A range that ends beyond 2^64 is left to the list of fields.
 */
static bool add_slot(struct text_view *view, const json_t *in)
{
	uint64_t slot, flags, gpa, size, hva;

	if (!json_member_u64(in, "slot", &slot) ||
	    !json_member_u64(in, "flags", &flags) ||
	    !json_member_u64(in, "guest_phys_addr", &gpa) ||
	    !json_member_u64(in, "memory_size", &size) ||
	    !json_member_u64(in, "userspace_addr", &hva) || gpa + size < gpa)
		return false;
	text_line_add(&view->line, 2, STYLE_PLAIN, "slot %llu:",
		      (unsigned long long)slot);
	if (size)
		add_slot_range(view, gpa, size, hva);
	else
		text_line_add(&view->line, 1, STYLE_PLAIN,
			      "deleted (memory_size 0)");
	if (flags) {
		text_format_member(view, text_line_word(&view->line), in,
				   "flags", json_object_get(in, "flags"));
		text_line_put(&view->line, 2, STYLE_PLAIN);
	}
	return true;
}

static const struct summary summaries[] = {
	{ "KVM_CREATE_VM", GIVES_FD, NULL },
	{ "KVM_CREATE_VCPU", GIVES_FD, NULL },
	{ "KVM_CREATE_GUEST_MEMFD", GIVES_FD, NULL },
	{ "KVM_GET_STATS_FD", GIVES_FD, NULL },
	{ "KVM_CHECK_EXTENSION", GIVES_SUPPORT, NULL },
	{ "KVM_GET_VCPU_MMAP_SIZE", GIVES_SIZE, NULL },
	{ "KVM_SET_USER_MEMORY_REGION", GIVES_PLAIN, add_slot },
	{ "open", GIVES_FD, NULL },
	{ "openat", GIVES_FD, NULL },
	{ "openat2", GIVES_FD, NULL },
	{ "dup", GIVES_FD, NULL },
	{ "dup2", GIVES_FD, NULL },
	{ "dup3", GIVES_FD, NULL },
	{ "fcntl", GIVES_FD, NULL },
	{ "fork", GIVES_PROCESS, NULL },
	{ "vfork", GIVES_PROCESS, NULL },
	{ "clone", GIVES_PROCESS, NULL },
	{ "clone3", GIVES_PROCESS, NULL },
};

static const struct summary *find_summary(const json_t *event)
{
	const char *name = json_member_text(event, "name");
	size_t i;

	for (i = 0; name && i < sizeof(summaries) / sizeof(summaries[0]); i++)
		if (strcmp(summaries[i].name, name) == 0)
			return &summaries[i];
	return NULL;
}

bool text_summary_add_inputs(struct text_view *view, const json_t *event)
{
	const struct summary *summary = find_summary(event);

	return summary && summary->add_inputs &&
	       summary->add_inputs(view, json_member_object(event, "in"));
}

/* What the descriptor that the call made stands for from here on. */
static void format_made(struct buffer *out, const json_t *event)
{
	const json_t *made = json_member_object(event, "made");
	const char *on = json_member_text(made, "on");
	uint64_t vm, vcpu;

	if (!on || !json_member_u64(made, "vm", &vm))
		return;
	buffer_add_format(out, ", now vm%llu", (unsigned long long)vm);
	if (json_member_u64(made, "vcpu", &vcpu))
		buffer_add_format(out, "/vcpu%llu", (unsigned long long)vcpu);
	if (strcmp(on, "vm") && strcmp(on, "vcpu")) {
		buffer_add_char(out, ' ');
		text_escape(out, on, strlen(on));
	}
}

/* "(yes)", "(no)", or what the number tells: a capability's ret_means. */
static void format_support(struct buffer *out, const json_t *event,
			   json_int_t value)
{
	const char *means = json_member_text(event, "ret_means");
	const char *end = means ? strrchr(means, ':') : NULL;

	if (means && (!end || (strcmp(end, ": yes") && strcmp(end, ": no")))) {
		buffer_add_string(out, " (");
		text_escape(out, means, strlen(means));
		buffer_add_char(out, ')');
	} else if (value <= 1) {
		buffer_add_string(out, value ? " (yes)" : " (no)");
	}
}

void text_summary_add_result(struct text_view *view, const json_t *event,
			     json_int_t value)
{
	const struct summary *summary = find_summary(event);
	enum gives gives = summary ? summary->gives : GIVES_PLAIN;
	struct buffer *word = text_line_word(&view->line);

	if (gives == GIVES_FD)
		buffer_add_format(word, "-> fd %lld", (long long)value);
	else if (gives == GIVES_PROCESS)
		buffer_add_format(word, "-> process %lld", (long long)value);
	else
		buffer_add_format(word, "-> %lld", (long long)value);
	if (gives == GIVES_SUPPORT)
		format_support(word, event, value);
	if (gives == GIVES_SIZE)
		buffer_add_string(word, " bytes");
	format_made(word, event);
	text_line_put(&view->line, 1, STYLE_PLAIN);
}
