/* The object `guest`: what the guest's processor is about to make of its state. */
#include "abi/tables.h"
#include "annotate/disassembly.h"
#include "decode/decode.h"
#include "session/vm_state.h"
#include "sink/event_internal.h"

static void add_mode(struct json_writer *json, const struct guest_view *guest)
{
	json_add_string(json, "mode", guest_mode_name(guest->mode));
	json_begin_object(json, "why");
	for (size_t i = 0; i < guest->bit_count; i++)
		json_add_unsigned(json, guest->bits[i].name,
				  guest->bits[i].is_set);
	json_end_object(json);
}

static void add_code(struct json_writer *json, const struct guest_view *guest)
{
	char text[DISASSEMBLY_TEXT_BYTES];
	size_t length = disassemble(guest->code, guest->code_length,
				    guest->walk.gva, guest->code_width, text);

	if (length) {
		json_add_hex_bytes(json, "bytes_hex", guest->code, length);
		json_add_string(json, "instruction", text);
	} else if (guest->code_length) {
		json_add_hex_bytes(json, "bytes_hex", guest->code,
				   guest->code_length < DISASSEMBLY_CODE_BYTES ?
				   guest->code_length : DISASSEMBLY_CODE_BYTES);
	}
}

static void add_entry(struct json_writer *json, const struct session_view *view)
{
	const struct guest_view *guest = view->guest;

	json_begin_object(json, "entry");
	json_add_hex(json, "rip", guest->rip);
	json_add_hex(json, "gva", guest->walk.gva);
	if (guest->walk.has_gpa)
		json_add_hex(json, "gpa", guest->walk.gpa);
	if (guest->has_slot) {
		json_add_unsigned(json, "slot", guest->slot.id);
		json_add_hex(json, "hva", guest->hva);
	}
	/* Frames are of 4096 bytes: pagemap.rst. */
	if (view->has_frame && view->frame)
		json_add_hex(json, "hpa", view->frame * 4096 +
					  guest->hva % 4096);
	add_code(json, guest);
	json_end_object(json);
}

static void add_memory(struct json_writer *json, const struct vm_state *vm)
{
	json_begin_array(json, "memory");
	for (size_t i = 0; i < vm->slot_count; i++) {
		const struct guest_slot *slot = &vm->slots[i];

		json_begin_object(json, NULL);
		json_add_unsigned(json, "slot", slot->id);
		json_add_hex(json, "gpa", slot->gpa);
		json_add_hex(json, "last", slot->gpa + slot->bytes - 1);
		json_add_hex(json, "size", slot->bytes);
		json_add_hex(json, "hva", slot->hva);
		decode_flags(json, "flags", &abi_names_mem, slot->flags,
			     sizeof(slot->flags));
		json_end_object(json);
	}
	json_end_array(json);
}

static void add_step(struct json_writer *json, const struct guest_step *step)
{
	json_begin_object(json, NULL);
	json_add_unsigned(json, "level", step->level);
	json_add_string(json, "name", step->name);
	if (step->in_register)
		json_add_bool(json, "in_register", true);
	else
		json_add_hex(json, "table", step->table);
	json_add_unsigned(json, "index", step->index);
	if (!step->in_register)
		json_add_hex(json, "address", step->address);
	if (step->is_read) {
		json_add_hex(json, "entry", step->entry);
		decode_flag_names(json, "flags_names", &guest_entry_names,
				  step->flags);
	}
	json_end_object(json);
}

static void add_walk(struct json_writer *json, const struct guest_walk *walk)
{
	if (walk->step_count) {
		json_begin_array(json, "page_tables");
		for (size_t i = 0; i < walk->step_count; i++)
			add_step(json, &walk->steps[i]);
		json_end_array(json);
	}
	if (walk->page_size)
		json_add_hex(json, "page_size", walk->page_size);
	if (!walk->fault.reason)
		return;
	json_begin_object(json, "fault");
	if (walk->fault.level)
		json_add_unsigned(json, "level", walk->fault.level);
	json_add_string(json, "reason", guest_fault_name(walk->fault.reason));
	json_end_object(json);
}

static void add_range(struct json_writer *json, const struct guest_range *range)
{
	json_begin_object(json, NULL);
	json_add_hex(json, "gva", range->gva);
	json_add_hex(json, "last", range->last);
	json_add_hex(json, "gpa", range->gpa);
	if (range->is_recursive)
		json_add_bool(json, "recursive", true);
	else
		json_add_hex(json, "page_size", range->page_size);
	decode_flag_names(json, "flags_names", &guest_entry_names,
			  range->flags);
	json_end_object(json);
}

static void add_ranges(struct json_writer *json,
		       const struct guest_ranges *ranges)
{
	if (!ranges->count)
		return;
	json_begin_array(json, "mapped");
	for (size_t i = 0; i < ranges->count; i++)
		add_range(json, &ranges->list[i]);
	json_end_array(json);
	if (ranges->is_cut)
		json_add_bool(json, "mapped_cut", true);
}

void event_add_guest(struct json_writer *json, const struct session_view *view)
{
	const struct guest_view *guest = view->guest;

	if (!guest || (!guest->has_mode && !view->vm))
		return;
	json_begin_object(json, "guest");
	if (guest->has_mode)
		add_mode(json, guest);
	if (guest->has_entry)
		add_entry(json, view);
	if (view->vm)
		add_memory(json, view->vm);
	if (guest->has_entry)
		add_walk(json, &guest->walk);
	if (view->has_same_ranges)
		json_add_unsigned(json, "mapped_seq", view->ranges_seq);
	else
		add_ranges(json, &guest->ranges);
	json_end_object(json);
}
