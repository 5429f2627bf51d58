/*
 * The guest behind a call: its mode, the way to its next instruction, what is
 * mapped. A part that is as it was shown last is not shown again.
 */
#include <string.h>

#include "sink/text_internal.h"

/* Ranges that are listed, unless --long-arrays asks for all. */
#define RANGES_SHOWN 8

static const struct {
	const char *reason, *words;
} faults[] = {
	{ "non_canonical", "the address is not canonical: no table is asked" },
	{ "outside_memory", "the entry lies where no slot has memory" },
	{ "unreadable", "the entry could not be read from the program" },
	{ "not_present", "the entry is not present (P is 0)" },
	{ "reserved_bit", "the entry has a reserved bit set" },
	{ "no_user", "the page is not for CPL 3 (US is 0)" },
	{ "no_write", "the page is not writable (RW is 0)" },
	{ "no_execute", "the page is not executable (NX is 1)" },
	{ "smep", "a page of user mode, which CR4.SMEP forbids to run" },
};

static void add_bits(struct text_view *view, const json_t *why)
{
	const char *key;
	json_t *value;

	json_member_foreach(why, key, value) {
		struct buffer *word = text_line_word(&view->line);

		text_escape(word, key, strlen(key));
		buffer_add_char(word, '=');
		text_format_plain(view, word, key, value, false);
		text_line_put(&view->line, 2, STYLE_DIM);
	}
}

static void add_mode(struct text_view *view, const json_t *guest,
		     const char *label)
{
	struct buffer *word;
	const char *mode = json_member_text(guest, "mode");

	text_line_begin(&view->line, label, STYLE_GUEST);
	word = text_line_word(&view->line);
	text_escape(word, mode, strlen(mode));
	buffer_add_string(word, " mode");
	text_line_put(&view->line, 0, STYLE_GUEST);
	add_bits(view, json_member_object(guest, "why"));
	text_line_end(&view->line);
}

/* "gva 0x0", and behind the first an arrow. */
static bool add_address(struct text_view *view, const json_t *entry,
			const char *key, bool is_first)
{
	uint64_t address;

	if (!json_member_u64(entry, key, &address))
		return false;
	text_line_add(&view->line, 1, STYLE_PLAIN, "%s%s 0x%llx",
		      is_first ? "" : "-> ", key, (unsigned long long)address);
	return true;
}

static void add_entry(struct text_view *view, const json_t *guest,
		      const char *label)
{
	static const char *const kinds[] = { "gva", "gpa", "hva", "hpa" };
	const json_t *entry = json_member_object(guest, "entry");
	const json_t *code = json_object_get(entry, "instruction");
	uint64_t slot;

	text_line_begin(&view->line, label, STYLE_GUEST);
	text_line_add(&view->line, 0, STYLE_PLAIN, "next at");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		add_address(view, entry, kinds[i], i == 0);
		if (i == 1 && json_member_u64(entry, "slot", &slot))
			text_line_add(&view->line, 1, STYLE_PLAIN,
				      "(slot %llu)", (unsigned long long)slot);
	}
	if (!json_object_get(entry, "hva") && !json_object_get(guest, "fault"))
		text_line_add(&view->line, 2, STYLE_WARNING,
			      "where no slot has memory");
	if (json_is_string(code)) {
		struct buffer *word = text_line_word(&view->line);

		text_escape_string(word, code);
		text_line_put(&view->line, 2, STYLE_NAME);
	}
	text_line_end(&view->line);
}

static void add_names(struct text_view *view, const json_t *object)
{
	const json_t *names = json_member_array(object, "flags_names");
	struct buffer *word = text_line_word(&view->line);

	buffer_add_char(word, '[');
	for (size_t i = 0; i < json_array_size(names); i++) {
		if (i)
			buffer_add_char(word, ' ');
		text_escape_string(word, json_array_get(names, i));
	}
	buffer_add_char(word, ']');
	text_line_put(&view->line, 1, STYLE_PLAIN);
}

/* "PML4[0] at 0x2000: 0x3003 [P RW]" */
static void add_step(struct text_view *view, const json_t *step,
		     const char *label)
{
	const json_t *name = json_object_get(step, "name");
	struct buffer *word;
	uint64_t number;

	text_line_begin(&view->line, label, STYLE_GUEST);
	word = text_line_word(&view->line);
	text_escape_string(word, name);
	if (json_member_u64(step, "index", &number))
		buffer_add_format(word, "[%llu]", (unsigned long long)number);
	text_line_put(&view->line, 0, STYLE_PLAIN);
	text_line_align(&view->line, TEXT_GUTTER + 10);
	if (json_member_u64(step, "address", &number))
		text_line_add(&view->line, 0, STYLE_PLAIN, "at 0x%llx:",
			      (unsigned long long)number);
	if (!json_member_u64(step, "entry", &number)) {
		text_line_add(&view->line, 1, STYLE_WARNING, "not readable");
	} else {
		text_line_add(&view->line, 1, STYLE_PLAIN, "0x%llx",
			      (unsigned long long)number);
		add_names(view, step);
	}
	text_line_end(&view->line);
}

static const char *find_fault(const char *reason)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (strcmp(faults[i].reason, reason) == 0)
			return faults[i].words;
	return "";
}

static void add_fault(struct text_view *view, const json_t *guest)
{
	const char *reason = json_member_text(
		json_member_object(guest, "fault"), "reason");

	if (!reason)
		return;
	text_line_begin(&view->line, NULL, STYLE_PLAIN);
	text_line_add(&view->line, 0, STYLE_WARNING, "page fault: %s",
		      find_fault(reason));
	text_line_end(&view->line);
}

static void add_walk(struct text_view *view, const json_t *guest,
		     const char *label)
{
	const json_t *steps = json_member_array(guest, "page_tables");

	for (size_t i = 0; i < json_array_size(steps); i++)
		add_step(view, json_array_get(steps, i), i ? NULL : label);
	add_fault(view, guest);
}

static void add_range(struct text_view *view, const json_t *range,
		      const char *label)
{
	uint64_t gva = 0, last = 0, gpa = 0, page_size;

	json_member_u64(range, "gva", &gva);
	json_member_u64(range, "last", &last);
	json_member_u64(range, "gpa", &gpa);
	text_line_begin(&view->line, label, STYLE_GUEST);
	text_line_add(&view->line, 0, STYLE_PLAIN,
		      "0x%llx-0x%llx -> 0x%llx", (unsigned long long)gva,
		      (unsigned long long)last, (unsigned long long)gpa);
	if (json_member_u64(range, "page_size", &page_size)) {
		struct buffer *word = text_line_word(&view->line);

		buffer_add_string(word, "pages of ");
		text_format_size(word, page_size);
		text_line_put(&view->line, 2, STYLE_PLAIN);
	} else {
		text_line_add(&view->line, 2, STYLE_PLAIN,
			      "the page tables themselves");
	}
	add_names(view, range);
	text_line_end(&view->line);
}

static void add_ranges(struct text_view *view, const json_t *guest,
		       const char *label)
{
	const json_t *ranges = json_member_array(guest, "mapped");
	size_t count = json_array_size(ranges), shown = count;

	if (count > RANGES_SHOWN && !view->options.long_arrays)
		shown = RANGES_SHOWN;
	for (size_t i = 0; i < shown; i++)
		add_range(view, json_array_get(ranges, i), i ? NULL : label);
	if (shown == count && !json_member_is_true(guest, "mapped_cut"))
		return;
	text_line_begin(&view->line, NULL, STYLE_PLAIN);
	if (shown < count)
		text_line_add(&view->line, 0, STYLE_DIM,
			      "and %zu more (--long-arrays shows them)",
			      count - shown);
	else
		text_line_add(&view->line, 0, STYLE_DIM, "and more");
	text_line_end(&view->line);
}

/* In the order of a reader's questions. */
static const struct part {
	const char *key, *label;
	void (*add)(struct text_view *view, const json_t *guest,
		    const char *label);
	bool needs_rip;		/* meaningless before KVM_SET_REGS */
} parts[] = {
	{ "mode", "guest", add_mode, false },
	{ "entry", "entry", add_entry, true },
	{ "page_tables", "walk", add_walk, true },
	{ "mapped", "mapped", add_ranges, false },
};

static bool is_shown(const struct text_view *view, const json_t *guest,
		     const struct part *part)
{
	return json_equal(json_object_get(view->guest, part->key),
			  json_object_get(guest, part->key));
}

/* KVM_SET_SREGS comes before KVM_SET_REGS as a rule: rip is an old one. */
static bool sets_sregs(const json_t *event)
{
	return json_member_is(event, "name", "KVM_SET_SREGS") ||
	       json_member_is(event, "name", "KVM_SET_SREGS2");
}

void text_guest_add(struct text_view *view, const json_t *event)
{
	const json_t *guest = json_member_object(event, "guest");

	if (!json_member_text(guest, "mode"))
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct part *part = &parts[i];
		json_t *value = json_object_get(guest, part->key);

		if (!value || (part->needs_rip && sets_sregs(event)) ||
		    is_shown(view, guest, part))
			continue;
		part->add(view, guest, part->label);
		json_object_set(view->guest, part->key, value);
	}
}
