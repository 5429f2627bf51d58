#include "guest/guest.h"

/* Other address spaces (SMM) may have slots at the same guest addresses. */
static bool is_usable(const struct guest_slot *slot)
{
	return slot->bytes && !(slot->id >> 16);
}

static uint64_t distance(const struct guest_slot *slot, uint64_t gpa)
{
	if (gpa < slot->gpa)
		return slot->gpa - gpa;
	if (gpa - slot->gpa < slot->bytes)
		return 0;
	return gpa - slot->gpa - (slot->bytes - 1);
}

const struct guest_slot *guest_nearest_slot(const struct guest_memory *memory,
					    uint64_t gpa)
{
	const struct guest_slot *nearest = NULL;

	for (size_t i = 0; i < memory->slot_count; i++) {
		const struct guest_slot *slot = &memory->slots[i];

		if (!is_usable(slot))
			continue;
		if (!nearest || distance(slot, gpa) < distance(nearest, gpa))
			nearest = slot;
	}
	return nearest;
}

const struct guest_slot *guest_find_slot(const struct guest_memory *memory,
					 uint64_t gpa)
{
	const struct guest_slot *slot = guest_nearest_slot(memory, gpa);

	return slot && !distance(slot, gpa) ? slot : NULL;
}

/* The part of an access that one slot serves. */
static size_t read_slot(const struct guest_memory *memory,
			const struct guest_slot *slot, uint64_t gpa,
			void *bytes, size_t length)
{
	uint64_t offset = gpa - slot->gpa;
	uint64_t room = slot->bytes - offset;

	return memory->read(memory->context, slot->hva + offset, bytes,
			    room < length ? room : length);
}

size_t guest_read(const struct guest_memory *memory, uint64_t gpa, void *bytes,
		  size_t length)
{
	size_t done = 0;

	while (done < length) {
		const struct guest_slot *slot =
			guest_find_slot(memory, gpa + done);
		size_t got;

		if (!slot || gpa + done < gpa)
			break;
		got = read_slot(memory, slot, gpa + done,
				(uint8_t *)bytes + done, length - done);
		done += got;
		/* Short of the slot's end: the reader had no more. */
		if (!got || gpa + done - slot->gpa < slot->bytes)
			break;
	}
	return done;
}
