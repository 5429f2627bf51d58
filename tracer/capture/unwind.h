/*
 * One step outwards on a traced thread's stack: from a function to the
 * instruction that called it. Where the return address is, relative to the
 * stack pointer, depends only on the instruction: it is learnt once, mostly
 * from the unwind tables (DWARF 5 section 6.4), and a step costs one read of a
 * word.
 */
#ifndef CAPTURE_UNWIND_H
#define CAPTURE_UNWIND_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/memory.h"

enum unwind_base {
	UNWIND_UNKNOWN,
	UNWIND_STACK,	/* the stack pointer */
	UNWIND_FRAME,	/* the frame pointer: rbp, ebp */
};

/* The frame's end (the CFA; the return address lies right below it). */
struct unwind_rule {
	uint8_t base;		/* enum unwind_base */
	uint8_t word;		/* size of a return address: 4 or 8 */
	bool keeps_frame;	/* the frame pointer is still the caller's */
	int32_t offset;		/* of the end from the base */
};

/*
 * The rule at `address`, the last byte of the instruction that calls (the
 * system, or the next inner function). UNWIND_UNKNOWN when neither the tables
 * nor, where there are none, the code of `tid` have a simple one.
 */
struct unwind_rule unwind_find_rule(Dwfl_Module *module, pid_t tid,
				    uint64_t address);

/* Where a walk outwards stands; it begins in a ptrace stop. */
struct unwind_position {
	uint64_t ip, sp;
	bool lost_frame;	/* the frame pointer left its register */
	bool has_frame;		/* it was kept here; else the thread has it */
	uint64_t frame;
};

/*
 * From a function to the return address into its caller. 0; -ENODATA when the
 * rule says nothing or needs a frame pointer that is lost, -EFAULT for an
 * unreadable or empty stack. `stack` may hold a copy of its top, or be NULL.
 */
int unwind_step(const struct unwind_rule *rule, pid_t tid,
		const struct memory_span *stack,
		struct unwind_position *position);

#endif
