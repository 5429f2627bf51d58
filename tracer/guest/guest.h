/*
 * What the guest's processor would make of its registers and its memory: the
 * mode, the address of the next instruction, the walk through its page tables
 * and what they map. It knows no processes, JSON or words for people: memory
 * is what slots and a reader give, so a running program and a record of it
 * look alike. Nothing is allocated; all borrows from the caller.
 *
 * Sources: Intel SDM vol. 3A, chapter "Paging" (number 4, in editions since
 * 2024 number 5: hence cited by titles); <asm/processor-flags.h>.
 */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/abi.h"

/* [gpa, gpa + bytes) of the guest is [hva, hva + bytes) of the program. */
struct guest_slot {
	uint32_t id;		/* with the address space in bits 16-31 */
	uint32_t flags;		/* KVM_MEM_* */
	uint64_t gpa, bytes, hva;
};

/*
 * The slots, in any order, and who reads the program's memory: `read` returns
 * how many bytes it got from hva on, and is never asked to go past a slot.
 */
struct guest_memory {
	const struct guest_slot *slots;
	size_t slot_count;
	size_t (*read)(void *context, uint64_t hva, void *bytes, size_t length);
	void *context;
};

/*
 * The slot that holds an address, and the one nearest to it on either side;
 * NULL: there is none. Address space 0 only: the others are for SMM.
 */
const struct guest_slot *guest_find_slot(const struct guest_memory *memory,
					 uint64_t gpa);
const struct guest_slot *guest_nearest_slot(const struct guest_memory *memory,
					    uint64_t gpa);

/* Returns the bytes read: fewer where the slots or the reader end. */
size_t guest_read(const struct guest_memory *memory, uint64_t gpa, void *bytes,
		  size_t length);

/* The modes of SDM vol. 3A, "Modes of Operation", with how they page. */
enum guest_mode {
	GUEST_REAL,
	GUEST_PROTECTED,	/* without paging */
	GUEST_PAGED32,
	GUEST_PAE,
	GUEST_COMPAT,		/* 16- or 32-bit code in long mode */
	GUEST_LONG,		/* 64-bit code, four levels */
	GUEST_LA57,		/* 64-bit code, five levels */
};

struct guest_bit {
	const char *name;	/* "CR0.PE" */
	bool is_set;
};

#define GUEST_BITS_MAX 6

/*
 * Virtual 8086 mode isn't told from protected mode: RFLAGS.VM is not among
 * these registers. guest_find_bits() gives the bits that decide, and no more.
 */
enum guest_mode guest_find_mode(const struct kvm_sregs *sregs);
const char *guest_mode_name(enum guest_mode mode);
size_t guest_find_bits(const struct kvm_sregs *sregs,
		       struct guest_bit ret_bits[GUEST_BITS_MAX]);

/* How instructions are decoded: 16, 32 or 64. */
unsigned int guest_code_width(const struct kvm_sregs *sregs);
/* The linear address (gva) of the instruction at CS:RIP. */
uint64_t guest_code_address(const struct kvm_sregs *sregs, uint64_t rip);
unsigned int guest_find_cpl(const struct kvm_sregs *sregs);

/* What decides how addresses are translated. */
struct guest_cpu {
	struct kvm_sregs sregs;
	bool has_pdptrs;	/* else PAE paging reads them from memory */
	uint64_t pdptrs[4];
	uint8_t physical_bits;	/* MAXPHYADDR; 0: not known, taken as 52 */
	bool lacks_gib_pages;	/* CPUID.80000001H:EDX.Page1GB known to be 0 */
};

/* Takes the registers, and the PDPTEs when they are said to be valid. */
void guest_set_sregs2(struct guest_cpu *cpu, const struct kvm_sregs2 *sregs2);

/* Bits of paging-structure entries: the same places in each format. */
#define GUEST_ENTRY_P	(1ull << 0)
#define GUEST_ENTRY_RW	(1ull << 1)
#define GUEST_ENTRY_US	(1ull << 2)
#define GUEST_ENTRY_PWT	(1ull << 3)
#define GUEST_ENTRY_PCD	(1ull << 4)
#define GUEST_ENTRY_A	(1ull << 5)
#define GUEST_ENTRY_D	(1ull << 6)
#define GUEST_ENTRY_PS	(1ull << 7)
#define GUEST_ENTRY_G	(1ull << 8)
#define GUEST_ENTRY_NX	(1ull << 63)

extern const struct abi_names guest_entry_names;

enum guest_access { GUEST_READ, GUEST_WRITE, GUEST_FETCH };

enum guest_fault_reason {
	GUEST_FAULT_NONE,
	GUEST_FAULT_NON_CANONICAL,	/* level 0: no table was asked */
	GUEST_FAULT_OUTSIDE_MEMORY,	/* no slot holds the entry */
	GUEST_FAULT_UNREADABLE,		/* a slot does, the reader failed */
	GUEST_FAULT_NOT_PRESENT,
	GUEST_FAULT_RESERVED_BIT,
	GUEST_FAULT_NO_USER,		/* a supervisor page, CPL 3 */
	GUEST_FAULT_NO_WRITE,
	GUEST_FAULT_NO_EXECUTE,
	GUEST_FAULT_SMEP,		/* a user page, fetched with CPL < 3 */
};

/* The entry that one level contributes. */
struct guest_step {
	uint8_t level;		/* 5 PML5, 4 PML4, 3 PDPT, 2 PD, 1 PT */
	const char *name;
	bool in_register;	/* a PDPTE register: memory was not asked */
	bool is_read;		/* else entry and flags are not known */
	uint32_t index;		/* in the table */
	uint64_t table, address;	/* gpas of the table and the entry */
	uint64_t entry;
	uint64_t flags;		/* GUEST_ENTRY_*: those this level has */
};

#define GUEST_LEVELS_MAX 5

/* A translation, as far as it came. */
struct guest_walk {
	uint64_t gva;		/* as wide as the mode has it */
	struct guest_step steps[GUEST_LEVELS_MAX];
	size_t step_count;	/* 0: no paging, or nothing was asked */
	uint64_t rights;	/* of all levels: GUEST_ENTRY_RW, _US, _NX */
	bool has_gpa;		/* also where only the access is refused */
	uint64_t gpa;
	uint64_t page_size;	/* 0: no paging */
	struct {
		enum guest_fault_reason reason;
		uint8_t level;	/* of the first entry that is to blame */
	} fault;
};

/*
 * Translate as an access with the current CPL would; the page itself may lie
 * outside all slots. SMAP, protection keys and shadow stacks don't count: they
 * depend on other registers, and concern data only. PSE-36 is taken to be
 * there.
 */
void guest_translate(const struct guest_cpu *cpu,
		     const struct guest_memory *memory, uint64_t gva,
		     enum guest_access access, struct guest_walk *ret_walk);
const char *guest_fault_name(enum guest_fault_reason reason);

/* Reads code as the processor would; returns the bytes before a fault. */
size_t guest_fetch(const struct guest_cpu *cpu,
		   const struct guest_memory *memory, uint64_t gva, void *bytes,
		   size_t length);

/* [gva, last] is mapped to gpa on, by pages of one size and these flags. */
struct guest_range {
	uint64_t gva, last, gpa;
	uint64_t page_size;
	uint64_t flags;		/* P; RW, US, NX of all levels; PWT, PCD, G */
	bool is_recursive;	/* a table above maps itself here: gpa is its
				 * address, what it maps is not followed */
};

#define GUEST_RANGES_MAX 256
/* Of tables with 512 entries, 60: a record has room for their pages. */
#define GUEST_ENTRIES_MAX (60 * 512)

struct guest_ranges {
	struct guest_range list[GUEST_RANGES_MAX];
	size_t count;
	size_t entries_read;
	bool is_cut;		/* there is more, beyond one of the limits */
};

/*
 * All that the page tables map, in order of gva: what the processor would
 * fault on is left out, tables that can't be read too. None without paging.
 */
void guest_find_ranges(const struct guest_cpu *cpu,
		       const struct guest_memory *memory,
		       struct guest_ranges *ret_ranges);
bool guest_ranges_equal(const struct guest_ranges *a,
			const struct guest_ranges *b);

#endif
