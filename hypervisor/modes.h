/*
 * The four modes of an x86 processor that hv can start a guest in, as a table.
 * A mode is nothing but a state of the special registers (struct kvm_sregs)
 * and, with paging, some tables in guest memory; no code of the guest is
 * needed to get there. Knows the processor, not KVM's descriptors.
 */
#ifndef HYPERVISOR_MODES_H
#define HYPERVISOR_MODES_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The top of the stack in all modes but real, and the least memory there is. */
#define MODE_MEMORY_MIN 0x200000

struct mode {
	const char *name;	 /* the long option */
	char option;		 /* the short one */
	const char *title;	 /* what hv says it tests */
	const char *description; /* for --help */

	/*
	 * Changes what KVM_GET_SREGS gave to the state of this mode and writes
	 * the page tables, if any, to guest memory (MODE_MEMORY_MIN bytes at
	 * least, guest physical 0 first).
	 */
	void (*fill)(struct kvm_sregs *sregs, uint8_t *memory);

	unsigned int bits;	 /* which width of a guest's image runs in it */
	const char *accumulator; /* what RAX is called there */
	uint64_t stack;		 /* first stack pointer; the stack grows down */
	size_t room;		 /* bytes an image may have, see modes.c */
	bool not_on_pvm;	 /* see fill_paged() */
};

#define MODE_COUNT 4
extern const struct mode modes[MODE_COUNT];

/* The mode with this short option, or NULL. */
const struct mode *modes_find(int option);

#endif
