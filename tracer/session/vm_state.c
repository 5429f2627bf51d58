#include "session/vm_state.h"

#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>

#include "abi/compat.h"
#include "base/log.h"

static struct guest_slot *find_slot(const struct vm_state *state, uint32_t id)
{
	for (size_t i = 0; i < state->slot_count; i++)
		if (state->slots[i].id == id)
			return &state->slots[i];
	return NULL;
}

const struct guest_slot *vm_state_find_slot(const struct vm_state *state,
					 uint32_t id)
{
	return find_slot(state, id);
}

static struct guest_slot *add_slot(struct vm_state *state)
{
	if (state->slot_count == state->slot_capacity) {
		state->slot_capacity = state->slot_capacity ?
				       2 * state->slot_capacity : 8;
		state->slots = realloc(state->slots, state->slot_capacity *
				       sizeof(state->slots[0]));
		if (!state->slots)
			log_die("out of memory: %zu slots",
				state->slot_capacity);
	}
	return &state->slots[state->slot_count++];
}

/*
 * api.rst 4.35: a size of 0 deletes the slot; another call for an existing one
 * moves it or changes its flags. KVM_SET_USER_MEMORY_REGION2 begins with the
 * same members.
 */
static void apply_region(struct vm_state *state,
			 const struct kvm_userspace_memory_region *region)
{
	struct guest_slot *slot = find_slot(state, region->slot);

	state->slot_changes++;
	if (!region->memory_size) {
		if (slot)
			*slot = state->slots[--state->slot_count];
		return;
	}
	if (!slot)
		slot = add_slot(state);
	*slot = (struct guest_slot){
		.id = region->slot,
		.flags = region->flags,
		.gpa = region->guest_phys_addr,
		.bytes = region->memory_size,
		.hva = region->userspace_addr,
	};
}

void vm_state_apply(struct vm_state *state, const struct record *record)
{
	const struct record_part *part = record_find_part(
		record, PART_ARGUMENT, PHASE_BEFORE, 0);
	struct kvm_userspace_memory_region region;

	switch (record_request(record)) {
	case KVM_SET_USER_MEMORY_REGION:
	case KVM_SET_USER_MEMORY_REGION2:
		if (!part || part->length < sizeof(region))
			return;
		memcpy(&region, record_part_bytes(record, part),
		       sizeof(region));
		apply_region(state, &region);
		return;
	case KVM_CHECK_EXTENSION:
		if (record->argument == KVM_CAP_XSAVE2)
			state->xsave_bytes = (uint64_t)record->result;
		return;
	}
}

void vm_state_done(struct vm_state *state)
{
	free(state->slots);
	memset(state, 0, sizeof(*state));
}
