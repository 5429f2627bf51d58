/* What happened: the title, one sentence, and the facts of the run. */
#include "sink/html_internal.h"

#define ARGUMENTS_MAX 32
#define ARGUMENT_BYTES 200

/* Text that may be cut, at a code point. */
static void add_cut(struct buffer *out, const json_t *string, size_t max)
{
	const char *text = json_string_value(string);
	size_t length = json_string_length(string);
	bool is_cut = length > max;

	if (!text)
		return;
	if (is_cut)
		for (length = max; ((unsigned char)text[length] & 0xc0) == 0x80;)
			length--;
	html_add_text(out, text, length);
	buffer_add_string(out, is_cut ? "\342\200\246" : "");
}

void html_story_write_title(struct html_facts *facts, struct buffer *out)
{
	const json_t *arguments = json_member_array(facts->start, "argv");
	size_t count = json_array_size(arguments), i;

	for (i = 0; i < count && i < ARGUMENTS_MAX; i++) {
		buffer_add_string(out, i ? " " : "");
		add_cut(out, json_array_get(arguments, i), ARGUMENT_BYTES);
	}
	if (count > ARGUMENTS_MAX)
		buffer_add_string(out, " \342\200\246");
	if (!count)
		buffer_add_string(out, "The traced program");
}

static void add_fact(struct buffer *out, const char *name, const json_t *value)
{
	if (!json_is_string(value))
		return;
	buffer_add_format(out, "<div><dt>%s</dt><dd>", name);
	add_cut(out, value, ARGUMENT_BYTES);
	buffer_add_string(out, "</dd></div>");
}

void html_story_write_facts(struct html_facts *facts, struct buffer *out)
{
	const json_t *start = facts->start;
	const json_t *host = json_member_object(start, "host");
	const json_t *tool = json_member_object(start, "tool");

	add_fact(out, "Traced", json_object_get(start, "start_time"));
	add_fact(out, "Kernel", json_object_get(host, "kernel"));
	add_fact(out, "Processor", json_object_get(host, "cpu_vendor"));
	add_fact(out, "KVM", json_object_get(host, "kvm"));
	add_fact(out, "Engine", json_object_get(start, "engine"));
	add_fact(out, "kvmtrace", json_object_get(tool, "version"));
}

static void add_calls(const struct html_facts *facts, struct buffer *out)
{
	buffer_add_string(out, " made <b>");
	html_add_count(out, facts->calls, "KVM call");
	buffer_add_string(out, "</b>, ");
	if (facts->failures)
		buffer_add_format(out, "<b>%llu of which failed</b>",
				  (unsigned long long)facts->failures);
	else
		buffer_add_string(out, facts->calls == 1 ? "which succeeded"
				  : "none of which failed");
}

/* "64.3 MiB": in a sentence a size need not be exact. */
static void add_size(struct buffer *out, uint64_t bytes)
{
	if (bytes >> 20 && bytes % (1u << 20))
		buffer_add_format(out, "%.1f MiB", (double)bytes / (1u << 20));
	else
		text_format_size(out, bytes);
}

/* "one VM with 2 vCPUs and 64 MiB of memory in long mode" */
static void add_machine(struct html_facts *facts, struct buffer *out)
{
	struct html_tally_row *modes;
	size_t count = html_tally_sort(&facts->modes, &modes), i;

	if (!facts->vms && !facts->exits.total) {
		buffer_add_string(out, "; it ran no virtual machine");
		return;
	}
	buffer_add_string(out, ": it ");
	buffer_add_string(out, facts->exits.total ? "ran" : "made");
	if (facts->vms) {
		buffer_add_string(out, " <b>");
		html_add_count(out, facts->vms, "VM");
		buffer_add_string(out, "</b> with ");
		html_add_count(out, facts->vcpus, "vCPU");
	} else {
		buffer_add_string(out, " a VM");
	}
	if (facts->most_memory_bytes) {
		buffer_add_string(out, " and ");
		add_size(out, facts->most_memory_bytes);
		buffer_add_string(out, " of memory");
	}
	for (i = 0; i < count; i++) {
		buffer_add_string(out, !i ? " in <b>" : i + 1 < count ? ", " :
				  " and ");
		html_add_string(out, modes[i].key);
	}
	buffer_add_string(out, count ? " mode</b>" : "");
}

static void add_exits(struct html_facts *facts, struct buffer *out)
{
	struct html_tally_row *rows;
	size_t count = html_tally_sort(&facts->exits, &rows), i;

	if (!facts->exits.total) {
		buffer_add_string(out, ", whose guest never ran");
		return;
	}
	buffer_add_string(out, ", whose guest left <b>");
	html_add_count(out, facts->exits.total, "time");
	buffer_add_string(out, "</b> (");
	for (i = 0; i < count && i < 3; i++) {
		buffer_add_format(out, "%s%llu \303\227 ", i ? ", " : "",
				  (unsigned long long)rows[i].count);
		html_add_string(out, rows[i].key);
	}
	if (count > 3)
		buffer_add_string(out, ", \342\200\246");
	buffer_add_string(out, "; the last was ");
	html_add_string(out, facts->last_exit);
	buffer_add_string(out, ")");
	if (!facts->console_lines)
		return;
	buffer_add_string(out, " and printed ");
	html_add_count(out, facts->console_lines, "line");
}

static void add_end(const struct html_facts *facts, struct buffer *out)
{
	const json_t *status = json_member_object(facts->end, "status");
	json_int_t code;

	if (!facts->end) {
		buffer_add_string(out, ". The trace has no end, so it isn't "
				  "known how the program went on.");
	} else if (json_member_integer(status, "exited", &code)) {
		buffer_add_format(out, ", and <b>exited with status %lld</b>.",
				  (long long)code);
	} else if (json_member_text(status, "signal")) {
		buffer_add_string(out, ", and <b>was killed by ");
		add_cut(out, json_object_get(status, "signal"), 32);
		buffer_add_string(out, "</b>.");
	} else if (json_member_is_true(status, "detached")) {
		buffer_add_string(out, ", and runs on, untraced.");
	} else {
		buffer_add_string(out, ". It is not known how it ended.");
	}
}

void html_story_write(struct html_facts *facts, struct buffer *out)
{
	buffer_add_string(out, "<code>");
	html_story_write_title(facts, out);
	buffer_add_string(out, "</code>");
	add_calls(facts, out);
	add_machine(facts, out);
	if (facts->vms || facts->exits.total)
		add_exits(facts, out);
	add_end(facts, out);
}
