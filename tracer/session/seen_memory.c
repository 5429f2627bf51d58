#include "session/seen_memory.h"

#include <string.h>

/* The part that has this address of the program, or tried to have it. */
static const struct record_part *find_part(const struct record *record,
					   enum record_phase phase,
					   uint64_t hva)
{
	for (uint32_t i = 0; i < record->part_count; i++) {
		const struct record_part *part = &record->parts[i];

		if (part->kind == PART_GUEST && part->phase == phase &&
		    hva - part->address < part->wanted)
			return part;
	}
	return NULL;
}

size_t seen_read(const struct record *record, uint64_t hva, void *bytes,
		 size_t length)
{
	size_t done = 0;

	while (done < length) {
		const struct record_part *part = find_part(
			record, PHASE_BEFORE, hva + done);
		size_t skip = part ? (size_t)(hva + done - part->address) : 0;
		size_t there = part && part->length > skip ?
			part->length - skip : 0;

		if (!there)
			break;
		if (there > length - done)
			there = length - done;
		memcpy((uint8_t *)bytes + done,
		       record_part_bytes(record, part) + skip, there);
		done += there;
	}
	return done;
}

static size_t read_record(void *context, uint64_t hva, void *bytes,
			  size_t length)
{
	return seen_read(context, hva, bytes, length);
}

struct guest_memory seen_memory(const struct record *record,
				const struct vm_state *vm)
{
	return (struct guest_memory){
		.slots = vm ? vm->slots : NULL,
		.slot_count = vm ? vm->slot_count : 0,
		.read = read_record, .context = (void *)record,
	};
}

bool seen_unreadable(const struct record *record, const struct vm_state *vm,
		     uint64_t gpa)
{
	const struct guest_memory memory = seen_memory(record, vm);
	const struct guest_slot *slot = guest_find_slot(&memory, gpa);
	const struct record_part *part = !slot ? NULL :
		find_part(record, PHASE_BEFORE, slot->hva + (gpa - slot->gpa));

	return part && !part->length;
}

const struct guest_slot *seen_gone(const struct record *record,
				   const struct vm_state *vm)
{
	for (size_t i = 0; vm && i < vm->slot_count; i++) {
		const struct record_part *part = find_part(
			record, PHASE_AFTER, vm->slots[i].hva);

		if (part && !part->length)
			return &vm->slots[i];
	}
	return NULL;
}

/* Of records that lack the address itself the slot's beginning speaks. */
const struct guest_slot *seen_gone_at(const struct record *record,
				      const struct vm_state *vm, uint64_t gpa)
{
	const struct guest_memory memory = seen_memory(record, vm);
	const struct guest_slot *slot = guest_find_slot(&memory, gpa);
	const struct record_part *part = !slot ? NULL :
		find_part(record, PHASE_AFTER, slot->hva + (gpa - slot->gpa));

	if (slot && !part)
		part = find_part(record, PHASE_AFTER, slot->hva);
	return part && !part->length ? slot : NULL;
}
