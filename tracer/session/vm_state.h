/*
 * What the calls have told about one VM: its memory slots, and sizes that
 * later calls depend on. What happened unseen is not in it.
 */
#ifndef SESSION_VM_STATE_H
#define SESSION_VM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/record.h"

/* A memory slot: [gpa, gpa + bytes) of the guest is [hva, …) of the program. */
struct vm_slot {
	uint32_t id;		/* with the address space in bits 16-31 */
	uint32_t flags;		/* KVM_MEM_* */
	uint64_t gpa, bytes, hva;
};

struct vm_state {
	struct vm_slot *slots;
	size_t slot_count, slot_capacity;
	bool is_tdx;		/* a KVM_X86_TDX_VM */
	uint64_t xsave_bytes;	/* KVM_CAP_XSAVE2's answer; 0: not asked */
};

/* Take a call on the VM that succeeded into account. */
void vm_state_apply(struct vm_state *state, const struct record *record);
/* NULL: no such slot is known. */
const struct vm_slot *vm_state_find_slot(const struct vm_state *state,
					 uint32_t id);
void vm_state_done(struct vm_state *state);

#endif
