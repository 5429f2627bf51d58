/* The guest's memory slots, and the processor's mode at its first entry. */
#include "sink/html_internal.h"

#include <stdlib.h>

#define SLOTS_SHOWN 64

struct slot {
	uint64_t vm, number, gpa, size, hva, seq;
};

static int compare_slots(const void *a, const void *b)
{
	const struct slot *one = a, *other = b;

	if (one->vm != other->vm)
		return one->vm < other->vm ? -1 : 1;
	if (one->gpa != other->gpa)
		return one->gpa < other->gpa ? -1 : 1;
	return one->number < other->number ? -1 : one->number > other->number;
}

static size_t sort_slots(const struct html_facts *facts, struct buffer *slots)
{
	const char *key;
	json_t *value;

	json_object_foreach(facts->slots, key, value) {
		struct slot slot = { 0 };

		json_member_u64(value, "vm", &slot.vm);
		json_member_u64(value, "slot", &slot.number);
		json_member_u64(value, "gpa", &slot.gpa);
		json_member_u64(value, "size", &slot.size);
		json_member_u64(value, "hva", &slot.hva);
		json_member_u64(value, "seq", &slot.seq);
		buffer_add(slots, &slot, sizeof(slot));
	}
	if (slots->length)
		qsort(slots->data, slots->length / sizeof(struct slot),
		      sizeof(struct slot), compare_slots);
	return slots->length / sizeof(struct slot);
}

static void add_slot(struct buffer *out, const struct slot *slot, bool has_vm)
{
	buffer_add_string(out, "<tr><th scope=\"row\">");
	if (has_vm)
		buffer_add_format(out, "vm%llu ", (unsigned long long)slot->vm);
	buffer_add_format(out, "%llu<td><code>0x%llx</code> \342\200\223 "
			  "<code>0x%llx</code><td class=\"number\">",
			  (unsigned long long)slot->number,
			  (unsigned long long)slot->gpa,
			  (unsigned long long)(slot->gpa + slot->size - 1));
	text_format_size(out, slot->size);
	buffer_add_format(out, "<td><code>0x%llx</code><td>",
			  (unsigned long long)slot->hva);
	html_add_event(out, slot->seq);
}

void html_memory_write(struct html_facts *facts, struct buffer *out)
{
	struct buffer bytes = BUFFER_EMPTY;
	size_t count = sort_slots(facts, &bytes), i;
	const struct slot *slots = (const struct slot *)bytes.data;

	if (!count)
		buffer_add_string(out, "<p>No slot at the trace's end: the "
				  "guest had no memory, or lost it.");
	else
		buffer_add_string(out, "<table><thead><tr><th scope=\"col\">Slot"
				  "<th scope=\"col\">Guest physical"
				  "<th scope=\"col\" class=\"number\">Size"
				  "<th scope=\"col\">In the program at"
				  "<th scope=\"col\">Set by<tbody>");
	for (i = 0; i < count && i < SLOTS_SHOWN; i++)
		add_slot(out, &slots[i], facts->vms > 1);
	buffer_add_string(out, count ? "</table>" : "");
	if (count > SLOTS_SHOWN)
		buffer_add_format(out, "<p class=\"cut\">%zu more slots are "
				  "not shown.", count - SLOTS_SHOWN);
	buffer_free(&bytes);
}

static void add_bits(struct buffer *out, const json_t *why)
{
	const char *key, *separator = " because ";
	json_t *value;
	size_t shown = 0;

	json_member_foreach(why, key, value) {
		if (!json_is_integer(value) || ++shown > 16)
			continue;
		buffer_add_string(out, separator);
		separator = ", ";
		html_add_string(out, key);
		buffer_add_format(out, "\302\240=\302\240%lld",
				  (long long)json_integer_value(value));
	}
}

/* One sentence; the page's script draws the walk of the same event. */
void html_memory_keep_mode(struct html_facts *facts, const json_t *event)
{
	const json_t *guest = json_member_object(event, "guest");
	const json_t *entry = json_member_object(guest, "entry");
	const char *mode = json_member_text(guest, "mode");
	const char *gva = json_member_text(entry, "gva");
	const char *code = json_member_text(entry, "instruction");
	struct buffer *out = &facts->mode;
	uint64_t seq = 0;

	if (strlen(mode) > 32 || (gva && strlen(gva) > 32))
		return;
	json_member_u64(event, "seq", &seq);
	buffer_reset(out);
	buffer_add_string(out, "<p>At event ");
	html_add_event(out, seq);
	buffer_add_string(out, " the vCPU is in <b>");
	html_add_string(out, mode);
	buffer_add_string(out, " mode</b>");
	add_bits(out, json_member_object(guest, "why"));
	if (gva) {
		buffer_add_string(out, "; its next instruction is at <code>");
		html_add_string(out, gva);
		buffer_add_string(out, "</code>");
	}
	if (code && strlen(code) < 128) {
		buffer_add_string(out, ": <code>");
		html_add_string(out, code);
		buffer_add_string(out, "</code>");
	}
	buffer_add_format(out, ".<div id=\"walk\" data-seq=\"%llu\"></div>",
			  (unsigned long long)seq);
}
