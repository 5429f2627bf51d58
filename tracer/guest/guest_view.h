/*
 * All that can be said of the guest before its next instruction: the mode, the
 * instruction's address and bytes, the walk to it, and what else is mapped.
 */
#ifndef GUEST_GUEST_VIEW_H
#define GUEST_GUEST_VIEW_H

#include "guest/guest.h"

/* Enough to see where a short program leads; at most two pages of memory. */
#define GUEST_CODE_BYTES 256

struct guest_view {
	bool has_mode;		/* the special registers are known */
	enum guest_mode mode;
	unsigned int code_width;	/* 16, 32 or 64 */
	struct guest_bit bits[GUEST_BITS_MAX];
	size_t bit_count;
	struct guest_ranges ranges;	/* none without paging */

	bool has_entry;		/* rip is known too: */
	uint64_t rip;
	struct guest_walk walk;	/* of walk.gva, the address of CS:RIP */
	bool has_slot;		/* walk.gpa is in this slot, at this hva: */
	struct guest_slot slot;
	uint64_t hva;
	uint8_t code[GUEST_CODE_BYTES];
	size_t code_length;	/* fewer where the mapping or the slot ends */
};

/* NULL: the special registers, or rip, aren't known. */
void guest_view_find(const struct guest_cpu *cpu, const uint64_t *rip,
		     const struct guest_memory *memory,
		     struct guest_view *ret_view);

#endif
