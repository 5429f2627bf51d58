#include "compare/names.h"

/* What is computed modulo 2^32 may end just below the slot, as the address of
 * guest address 0xffffffff does without paging. */
#define BELOW_SLOT_BYTES 4096

uint32_t names_find_thread(struct names *names, uint64_t tid, bool *ret_is_new)
{
	uint32_t *number = hash_map_at(&names->threads, hash_mix(tid, 1), 0);

	*ret_is_new = !*number;
	if (!*number)
		*number = ++names->thread_count;
	return *number;
}

void names_end_thread(struct names *names, uint64_t tid)
{
	uint32_t *number = hash_map_find(&names->threads, hash_mix(tid, 1));

	if (number)
		*number = 0;
}

void names_set_slot(struct names *names, const struct names_slot *slot)
{
	size_t i = 0;

	while (i < names->slot_count && (names->slots[i].vm != slot->vm ||
					 names->slots[i].slot != slot->slot))
		i++;
	if (!slot->size) {
		if (i < names->slot_count)
			names->slots[i] = names->slots[--names->slot_count];
		return;
	}
	if (i == NAMES_SLOTS_MAX)
		return;
	names->slots[i] = *slot;
	names->slot_count += i == names->slot_count;
}

static void add_name(struct buffer *out, const struct names_slot *slot,
		     uint64_t offset)
{
	buffer_add_string(out, "slot");
	buffer_add_unsigned(out, slot->slot);
	buffer_add_char(out, '+');
	buffer_add_hex(out, offset);
}

bool names_add_hva(const struct names *names, int32_t vm, uint64_t hva,
		   struct buffer *out)
{
	for (size_t i = 0; i < names->slot_count; i++) {
		const struct names_slot *slot = &names->slots[i];

		if (slot->vm != vm || hva - slot->hva >= slot->size)
			continue;
		add_name(out, slot, hva - slot->hva);
		return true;
	}
	return false;
}

bool names_add_hva32(const struct names *names, int32_t vm, uint32_t hva,
		     struct buffer *out)
{
	for (size_t i = 0; i < names->slot_count; i++) {
		const struct names_slot *slot = &names->slots[i];
		uint32_t offset = hva - (uint32_t)slot->hva;

		if (slot->vm != vm || (offset >= slot->size &&
				       offset < -(uint32_t)BELOW_SLOT_BYTES))
			continue;
		add_name(out, slot, offset);
		return true;
	}
	return false;
}

void names_reset(struct names *names)
{
	hash_map_reset(&names->threads);
	names->thread_count = 0;
	names->slot_count = 0;
}

void names_free(struct names *names)
{
	hash_map_free(&names->threads);
}
