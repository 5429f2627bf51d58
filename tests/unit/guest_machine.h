/*
 * A guest made up for a test: 256 KiB of memory at gpa 0 in one slot, page
 * tables that are set entry by entry, and registers for each kind of paging.
 */
#ifndef TESTS_UNIT_GUEST_MACHINE_H
#define TESTS_UNIT_GUEST_MACHINE_H

#include <asm/processor-flags.h>
#include <string.h>

#include "guest/guest.h"

#define MACHINE_BYTES 0x40000
#define MACHINE_HVA 0x7f0000000000ull
#define EFER_LMA (1u << 10)
#define EFER_NXE (1u << 11)

#define P GUEST_ENTRY_P
#define RW GUEST_ENTRY_RW
#define US GUEST_ENTRY_US
#define PS GUEST_ENTRY_PS
#define NX GUEST_ENTRY_NX

static uint8_t machine_bytes[MACHINE_BYTES];
static struct guest_slot machine_slots[4];
static struct guest_memory machine_memory;
static struct guest_cpu machine_cpu;
static uint64_t machine_unreadable;	/* the reader fails from this hva on */
static size_t machine_reads;

/* Past the slots' bytes it reads nothing, and the caller should not ask. */
static inline size_t machine_read(void *context, uint64_t hva, void *bytes,
				  size_t length)
{
	uint64_t offset = hva - MACHINE_HVA;

	assert_null(context);
	assert_true(offset < MACHINE_BYTES && length <= MACHINE_BYTES - offset);
	machine_reads++;
	if (hva >= machine_unreadable)
		return 0;
	if (length > machine_unreadable - hva)
		length = machine_unreadable - hva;
	memcpy(bytes, machine_bytes + offset, length);
	return length;
}

static inline int machine_set_up(void **state)
{
	(void)state;
	memset(machine_bytes, 0, sizeof(machine_bytes));
	memset(&machine_cpu, 0, sizeof(machine_cpu));
	machine_slots[0] = (struct guest_slot){
		.bytes = MACHINE_BYTES,
		.hva = MACHINE_HVA,
	};
	machine_memory = (struct guest_memory){ machine_slots, 1, machine_read, NULL };
	machine_unreadable = UINT64_MAX;
	machine_reads = 0;
	return 0;
}

static inline void set_entry(uint64_t table, uint32_t index, uint64_t entry)
{
	memcpy(machine_bytes + table + 8ul * index, &entry, 8);
}

static inline void set_entry32(uint64_t table, uint32_t index, uint32_t entry)
{
	memcpy(machine_bytes + table + 4ul * index, &entry, 4);
}

/* The letters alone, without the NUL. */
static inline void set_letters(uint64_t gpa, const char *letters)
{
	while (*letters)
		machine_bytes[gpa++] = *letters++;
}

/* Registers with CR3 = root, in ring 0. */
static inline void page_32(uint64_t root)
{
	machine_cpu.sregs.cr0 = X86_CR0_PE | X86_CR0_PG;
	machine_cpu.sregs.cr3 = root;
	machine_cpu.sregs.cr4 = 0;
	machine_cpu.sregs.efer = 0;
}

static inline void page_pae(uint64_t root)
{
	page_32(root);
	machine_cpu.sregs.cr4 = X86_CR4_PAE;
	machine_cpu.sregs.efer = EFER_NXE;
}

static inline void page_long(uint64_t root)
{
	page_pae(root);
	machine_cpu.sregs.efer |= EFER_LMA;
	machine_cpu.sregs.cs.l = 1;
}

static inline void page_la57(uint64_t root)
{
	page_long(root);
	machine_cpu.sregs.cr4 |= X86_CR4_LA57;
}

#endif
