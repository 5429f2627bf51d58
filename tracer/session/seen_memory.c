#include "session/seen_memory.h"

#include <string.h>

/* The part that has this address of the program, and the bytes from it on. */
static const uint8_t *find_bytes(const struct record *record, uint64_t hva,
				 size_t *ret_length)
{
	for (uint32_t i = 0; i < record->part_count; i++) {
		const struct record_part *part = &record->parts[i];
		uint64_t skip = hva - part->address;

		if (part->kind != PART_GUEST || skip >= part->length)
			continue;
		*ret_length = part->length - (size_t)skip;
		return record_part_bytes(record, part) + skip;
	}
	return NULL;
}

static size_t read_record(void *context, uint64_t hva, void *bytes,
			  size_t length)
{
	size_t done = 0, there;

	while (done < length) {
		const uint8_t *from = find_bytes(context, hva + done, &there);

		if (!from)
			break;
		if (there > length - done)
			there = length - done;
		memcpy((uint8_t *)bytes + done, from, there);
		done += there;
	}
	return done;
}

struct guest_memory seen_memory(const struct record *record,
				const struct vm_state *vm)
{
	return (struct guest_memory){
		.slots = vm->slots, .slot_count = vm->slot_count,
		.read = read_record, .context = (void *)record,
	};
}

bool seen_unreadable(const struct record *record, const struct vm_state *vm,
		     uint64_t gpa)
{
	const struct guest_memory memory = seen_memory(record, vm);
	const struct guest_slot *slot = guest_find_slot(&memory, gpa);

	for (uint32_t i = 0; slot && i < record->part_count; i++) {
		const struct record_part *part = &record->parts[i];
		uint64_t hva = slot->hva + (gpa - slot->gpa);

		if (part->kind == PART_GUEST && !part->length &&
		    hva - part->address < part->wanted)
			return true;
	}
	return false;
}
