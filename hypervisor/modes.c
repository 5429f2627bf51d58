#include "modes.h"

#include <asm/processor-flags.h>

/*
 * Where the page tables lie in guest memory: above the image, which starts at
 * 0, and far below the stack. Each table is one page of 4 KiB and must start
 * on a page boundary. 32-bit paging needs one table for a page of 4 MiB, long
 * mode three for a page of 2 MiB.
 */
#define PAGE_DIRECTORY 0x2000
#define PML4 0x2000
#define PDPT 0x3000
#define PD 0x4000

/* Bits of an entry, in all formats: Intel SDM volume 3A, chapter "Paging". */
#define ENTRY_PRESENT (1u << 0)
#define ENTRY_WRITABLE (1u << 1)
#define ENTRY_LARGE (1u << 7) /* PS: maps a page, not a further table */

/* Bits of the EFER register, SDM volume 3A, section 2.2.1. */
#define EFER_LME (1u << 8)  /* the system asks for long mode */
#define EFER_LMA (1u << 10) /* the processor is in long mode */

/*
 * Segment types, SDM volume 3A, table 3-1. Both are "accessed": a processor
 * sets that bit when it loads a segment, and VMX refuses to enter a guest with
 * a usable segment that lacks it (volume 3C, "Checks on Guest Segment
 * Registers").
 */
#define SEGMENT_CODE 11 /* execute, read, accessed */
#define SEGMENT_DATA 3	/* read, write, accessed */

/*
 * After a reset, CS points to the BIOS at the end of the first 4 GiB: selector
 * 0xf000, base 0xffff0000. Ours starts at 0. In real mode the base is the
 * selector times 16, so both must change. All else is right as it is.
 */
static void fill_real(struct kvm_sregs *sregs, uint8_t *memory)
{
	(void)memory;
	sregs->cs.selector = 0;
	sregs->cs.base = 0;
}

/*
 * Flat segments: all of memory from 0, for code and for data. KVM takes the
 * descriptors straight into the hidden part of the segment registers, so the
 * guest needs no GDT before it loads one of them itself; the selectors are
 * those that its GDT would have. TR and LDTR stay as KVM gives them: a busy
 * TSS is what VMX wants to see in TR.
 */
static void set_flat_segments(struct kvm_sregs *sregs, bool long_mode)
{
	struct kvm_segment segment = {
		.base = 0,
		.limit = 0xffffffff,
		.selector = 1 << 3, /* entry 1 of a GDT; 0 stays empty */
		.type = SEGMENT_CODE,
		.present = 1,
		.dpl = 0,	  /* ring 0: the guest may halt and do I/O */
		.db = !long_mode, /* 32-bit code; with l = 1 it must be 0 */
		.s = 1,		  /* code or data, not a system segment */
		.l = long_mode,	  /* 64-bit code */
		.g = 1,		  /* the limit counts pages */
	};

	sregs->cs = segment;

	segment.type = SEGMENT_DATA;
	segment.selector = 2 << 3;
	segment.db = 1; /* a 32-bit stack pointer; long mode ignores it */
	segment.l = 0;	/* means something for code only */
	sregs->ds = sregs->es = sregs->fs = sregs->gs = sregs->ss = segment;
}

/*
 * CR0 is written as a whole: after a reset it has the caches disabled (CD, NW).
 * ET is always 1 on processors of today.
 */
static void fill_protected(struct kvm_sregs *sregs, uint8_t *memory)
{
	(void)memory;
	sregs->cr0 = X86_CR0_PE | X86_CR0_ET;
	set_flat_segments(sregs, false);
}

/*
 * 32-bit paging with one page of 4 MiB that maps addresses to themselves. The
 * page is larger than the memory may be: an access behind the end of memory
 * is translated and then leaves the guest as MMIO.
 *
 * KVM's PVM flavour (module kvm_pvm, which needs no hardware virtualization)
 * runs guests in long mode and emulates real and protected mode, but has
 * nothing for this kind of paging: KVM_RUN returns KVM_EXIT_SHUTDOWN at once.
 */
static void fill_paged(struct kvm_sregs *sregs, uint8_t *memory)
{
	uint32_t *directory = (uint32_t *)(void *)(memory + PAGE_DIRECTORY);

	directory[0] = 0 | ENTRY_PRESENT | ENTRY_WRITABLE | ENTRY_LARGE;

	fill_protected(sregs, memory);
	sregs->cr3 = PAGE_DIRECTORY; /* this is how KVM learns of the tables */
	sregs->cr4 = X86_CR4_PSE;    /* allows ENTRY_LARGE here */
	sregs->cr0 |= X86_CR0_PG;
}

/*
 * Long mode with one page of 2 MiB that maps addresses to themselves; memory
 * behind it exists with a larger --memory, but no address of the guest leads
 * there before it maps more itself.
 *
 * A processor sets EFER.LMA when software turns paging on with LME set. Here
 * nobody turns it on: we describe the state afterwards, and KVM_SET_SREGS
 * refuses one that does not fit together (EINVAL).
 */
static void fill_long(struct kvm_sregs *sregs, uint8_t *memory)
{
	uint64_t *pml4 = (uint64_t *)(void *)(memory + PML4);
	uint64_t *pdpt = (uint64_t *)(void *)(memory + PDPT);
	uint64_t *pd = (uint64_t *)(void *)(memory + PD);

	pml4[0] = PDPT | ENTRY_PRESENT | ENTRY_WRITABLE;
	pdpt[0] = PD | ENTRY_PRESENT | ENTRY_WRITABLE;
	pd[0] = 0 | ENTRY_PRESENT | ENTRY_WRITABLE | ENTRY_LARGE;

	sregs->cr3 = PML4;
	sregs->cr4 = X86_CR4_PAE; /* entries of 8 bytes; long mode demands it */
	sregs->cr0 = X86_CR0_PE | X86_CR0_ET | X86_CR0_PG;
	sregs->efer = EFER_LME | EFER_LMA;
	set_flat_segments(sregs, true);
}

/*
 * Room for an image: up to the page tables where there are any, else all but
 * a page for the stack. In real mode the stack lies at the end of the 64 KiB
 * that offsets reach; code of -m16 uses ESP, so its upper half must be 0.
 */
const struct mode modes[MODE_COUNT] = {
	{
		.name = "real",
		.option = 'r',
		.title = "real mode",
		.description = "16 bits, no protection, 64 KiB in reach",
		.fill = fill_real,
		.bits = 16,
		.accumulator = "AX",
		.stack = 0xfff0,
		.room = 0xf000,
	},
	{
		.name = "protected",
		.option = 's',
		.title = "protected mode",
		.description = "32 bits, flat segments, no paging",
		.fill = fill_protected,
		.bits = 32,
		.accumulator = "EAX",
		.stack = MODE_MEMORY_MIN,
		.room = MODE_MEMORY_MIN - 0x1000,
	},
	{
		.name = "paged",
		.option = 'p',
		.title = "paged 32-bit mode",
		.description = "32 bits, one page of 4 MiB",
		.fill = fill_paged,
		.bits = 32,
		.accumulator = "EAX",
		.stack = MODE_MEMORY_MIN,
		.room = PAGE_DIRECTORY,
		.not_on_pvm = true,
	},
	{
		.name = "long",
		.option = 'l',
		.title = "long mode",
		.description = "64 bits, one page of 2 MiB (default)",
		.fill = fill_long,
		.bits = 64,
		.accumulator = "RAX",
		.stack = MODE_MEMORY_MIN,
		.room = PML4,
	},
};

const struct mode *modes_find(int option)
{
	for (size_t i = 0; i < MODE_COUNT; i++)
		if (modes[i].option == option)
			return &modes[i];
	return NULL;
}
