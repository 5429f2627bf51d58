/*
 * What the calls have told about one VM: its memory slots, and sizes that
 * later calls depend on. What happened unseen is not in it.
 */
#ifndef SESSION_VM_STATE_H
#define SESSION_VM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/guest.h"
#include "record/record.h"

struct vm_state {
	struct guest_slot *slots;
	size_t slot_count, slot_capacity;
	uint64_t slot_changes;	/* how often a slot was added, moved, deleted … */
	bool is_tdx;		/* a KVM_X86_TDX_VM */
	uint64_t xsave_bytes;	/* KVM_CAP_XSAVE2's answer; 0: not asked */
};

/* Take a call on the VM that succeeded into account. */
void vm_state_apply(struct vm_state *state, const struct record *record);
/* NULL: no such slot is known. */
const struct guest_slot *vm_state_find_slot(const struct vm_state *state,
					 uint32_t id);
void vm_state_done(struct vm_state *state);

#endif
