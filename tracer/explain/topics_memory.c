/*
 * Memory: the kinds of addresses, page tables of each mode, slots, devices.
 *
 * Sources: SDM vol. 3A, "Paging", and vol. 3C, "The Extended Page Table
 * Mechanism"; APM vol. 2 chapter 5 and 15.25; x86/mmu.rst; api.rst 4.8, 4.35, 4.116, 4.117,
 * 5 (kvm_run) and 8.29 (dirty rings); hypervisor/modes.c.
 */
#include "explain/topics.h"

static const struct explain_topic memory[] = {
	{ "addresses, gva, gpa, hva, hpa, guest virtual address, guest physical address, "
	  "host virtual address, host physical address",
	  "the four addresses of one byte of a guest",
	  "gva: what the guest's instructions use (with a segment's base added, the linear "
	  "address). gpa: what the guest takes for physical memory; paging leads there, and "
	  "without paging it equals the gva. hva: where the program that runs the VM has that "
	  "byte; a memory slot leads there: hva = userspace_addr + gpa - guest_phys_addr. hpa: "
	  "the machine's memory; the host kernel's page tables lead there, and the processor "
	  "gets the same by KVM's own tables (EPT, NPT).\n"
	  "In no mode does a guest address equal a host physical one: without paging only the "
	  "first of the three steps falls away.",
	  "paging, memory-slot, nested-paging, KVM_TRANSLATE" },
	{ "paging", "translating the guest's addresses by tables in its memory",
	  "With CR0.PG = 1 each address that the guest uses is cut into indices: the first "
	  "chooses an entry in the table at CR3, the entry has the guest physical address of "
	  "the next table, and the last one that of a page. Which kind: CR4.PAE = 0, paged32; "
	  "CR4.PAE = 1, pae; EFER.LMA = 1, long-mode with four levels, or five with CR4.LA57.\n"
	  "The tables are bytes in the guest's memory: the program or the guest writes them "
	  "there, and CR3 makes them known. No ioctl takes a page table. An address that they "
	  "don't map is a page fault, which concerns the guest alone; one that no slot has, "
	  "behind them, is an exit to the program.",
	  "page-table, page-fault, addresses, CR3, paged32, pae, long-mode" },
	{ "page-walk, walk, table walk, page table walk, translation",
	  "how an address is looked up in the page tables",
	  "The processor takes the table at CR3, one part of the address as the index, reads the "
	  "entry, and goes on with the table that the entry leads to, until an entry maps a "
	  "page; the rest of the address is the offset in it. An entry without P, with a "
	  "reserved bit, or without the right that the access needs ends the walk with a page "
	  "fault. On the way it sets A, and D for a write, and keeps the result in its TLB.\n"
	  "kvmtrace does the same walk for the next instruction, from the bytes in the memory "
	  "slots: `guest.page_tables` has, for each level, the table, the index, the entry's "
	  "address, the entry and its flags; `fault` says where it would fail, `mapped` what all "
	  "tables map. KVM_TRANSLATE asks KVM for it.",
	  "paging, page-table, page-fault, guest, four-level-paging, KVM_TRANSLATE" },
	{ "four-level-paging, 4-level, 4-level paging, four-level, 48-bit paging",
	  "long mode's usual tables",
	  "CR0.PG, CR4.PAE and EFER.LMA are 1, CR4.LA57 is 0. The address has 48 bits, and bits "
	  "48-63 equal bit 47 (canonical). CR3 has the PML4 table: bits 39-47 choose its entry, "
	  "which leads to a PDPT (bits 30-38; with PS a page of 1 GiB), that to a directory "
	  "(bits 21-29; with PS a page of 2 MiB), that to a page table (bits 12-20). Each table "
	  "has 512 entries of 8 bytes. `hv --long` has one of each of the first three, at "
	  "0x2000, 0x3000 and 0x4000, and a page of 2 MiB.",
	  "long-mode, la57, page-walk, page-table, large-page" },
	{ "page-table, page table entry, pte, pde, pml4, pdpt, page directory",
	  "what an entry says",
	  "Bits: P (0) present, RW (1) writable, US (2) for user code, PWT and PCD (3, 4) "
	  "caching, A (5) accessed, D (6) dirty, PS (7) in a directory: a large page rather "
	  "than another table, G (8) global; from bit 12 on the address; NX (63) no-execute, "
	  "with EFER.NXE only. A page may be used as every entry on the way allows. Other bits "
	  "must be 0, also the low ones of a large page's address (2 MiB: bits 13-20).\n"
	  "In long mode and PAE a table has 512 entries of 8 bytes, in 32-bit paging 1024 of 4. "
	  "Each holds a guest physical address, no pointer of the program. Every table must lie "
	  "in a memory slot.",
	  "paging, large-page, page-fault, CR3" },
	{ "paged32, paged, 32-bit paging, legacy paging", "two levels for 32-bit addresses",
	  "CR0.PE and CR0.PG are 1, CR4.PAE and EFER.LMA 0. CR3 has the page directory: 1024 "
	  "entries of 4 bytes, chosen by bits 22-31 of the address. With CR4.PSE an entry with "
	  "bit 7 (PS) maps a page of 4 MiB; otherwise it leads to a table, of which bits 12-21 "
	  "choose the page of 4 KiB. There is no no-execute bit.\n"
	  "`hv --paged` has a directory at 0x2000 and one page of 4 MiB. Under the PVM flavour "
	  "of KVM, which has no legacy paging, such a guest ends at once with KVM_EXIT_SHUTDOWN "
	  "although nothing is wrong with it.",
	  "paging, page-table, CR4.PSE, pae, pvm" },
	{ "pae, pae paging, physical address extension", "32-bit addresses, wider tables",
	  "CR0.PG and CR4.PAE are 1, EFER.LMA is 0. Entries have 8 bytes, and so physical "
	  "addresses more than 32 bits and a no-execute bit. CR3 has, aligned to 32 bytes, "
	  "four directory pointers (bits 30-31 of the address choose); each leads to a "
	  "directory (bits 21-29; with PS a page of 2 MiB), that to a table (bits 12-20).\n"
	  "The four pointers have P, caching and address only: RW or US in them is reserved. The "
	  "processor loads them when CR3 is written, so that a later change in memory is not "
	  "seen until then; KVM_SET_SREGS2 can carry them. CR4.PAE also stands for long mode's "
	  "tables, which grew out of these.",
	  "paging, page-table, CR4.PAE, KVM_SET_SREGS2, long-mode" },
	{ "la57, five-level paging, 5-level paging, five-level, 5-level, 57-bit paging, pml5",
	  "57-bit addresses in long mode",
	  "CR4.LA57 adds a fifth level on top: CR3 has a PML5 table, of which bits 48-56 of the "
	  "address choose an entry, which leads to a PML4 table. Canonical addresses have bits "
	  "57-63 equal to bit 56. It can't be changed while long mode is active, and both the "
	  "host and the vCPU's CPUID must have it (CPUID.7:ECX, bit 16): otherwise KVM_SET_SREGS "
	  "says EINVAL.",
	  "CR4.LA57, long-mode, paging, CPUID.7:ECX" },
	{ "large-page, large pages, huge page, page size", "pages of 2 MiB, 4 MiB and 1 GiB",
	  "Bit 7 (PS) of an entry above the last level ends the walk there: in long mode and PAE "
	  "a directory's entry maps 2 MiB, in long mode an entry of the PDPT 1 GiB (where CPUID "
	  "has it), in 32-bit paging with CR4.PSE a directory's entry 4 MiB. The remaining bits "
	  "of the address, 21, 30 or 22, are the offset. The page's address must be aligned to "
	  "its size; low bits that are set give a page fault with RSVD. How KVM and the host map "
	  "the same memory below is independent of it.",
	  "page-table, paging, CR4.PSE" },
	{ "page-fault, #pf, pf", "exception 14: the guest's tables don't allow an access",
	  "The processor puts the address into CR2, pushes an error code (bit 0 P: the page "
	  "was present; 1 W: a write; 2 U: by user code; 3 RSVD: a reserved bit was set; 4 I: "
	  "an instruction fetch) and calls handler 14 of the guest. On hardware with nested "
	  "paging KVM isn't involved. Without a valid IDT it turns into a triple fault.\n"
	  "It is not what happens when guest physical memory is missing: that is an exit, "
	  "KVM_EXIT_MMIO, or KVM_EXIT_INTERNAL_ERROR when KVM can't emulate the access.",
	  "CR2, page-table, idt, triple-fault, mmio" },
	{ "nested-paging, ept, npt, extended page tables, nested page tables, "
	  "two-dimensional paging, tdp, slat",
	  "how the processor gets from gpa to hpa",
	  "A second set of tables, Intel's EPT or AMD's NPT, translates guest physical "
	  "addresses while the guest runs. KVM fills it on demand: the first access to a page "
	  "leaves to KVM, which finds the slot, gets the page from the program's memory and "
	  "goes on; the program sees nothing of it. Where no slot is, the access is mmio.\n"
	  "On processors without it KVM keeps shadow tables instead: see shadow-paging.",
	  "addresses, memory-slot, mmio, vm-exit, shadow-paging" },
	{ "shadow-paging, shadow, shadow pages, shadow page table, shadow mmu",
	  "KVM's own tables in place of the guest's",
	  "Without EPT or NPT the processor knows one set of tables only. So KVM gives it tables "
	  "of its own, which lead from guest virtual straight to host physical addresses, and "
	  "puts an entry there when the guest first uses an address: it leaves to KVM, which "
	  "walks the guest's tables, finds the slot and the page. To see what the guest changes "
	  "in them it write-protects them, or looks again when the guest flushes its TLB. All "
	  "this is inside KVM_RUN: the program sees no difference, only the guest does, in time. "
	  "PVM works so, and so does nested virtualization, for a guest's own EPT or NPT.",
	  "nested-paging, page-walk, pvm, addresses" },
	{ "memory-slot, slot, memory region, guest memory", "memory of the program as the guest's",
	  "KVM_SET_USER_MEMORY_REGION makes memory_size bytes at userspace_addr of the program "
	  "the guest's physical memory from guest_phys_addr on. Nothing is copied: both see "
	  "the same bytes, always. All three must be multiples of 4096, and slots must not "
	  "overlap (EEXIST). The number `slot` names it again: with memory_size 0 to delete "
	  "it, with another guest_phys_addr to move it; its size can't be changed (EINVAL).\n"
	  "The mapping must stay for as long as the slot does: after munmap() KVM_RUN says "
	  "EFAULT. Initialise the structure, flags included. Bits 16-31 of `slot` choose the "
	  "address space (1: system management mode).",
	  "KVM_SET_USER_MEMORY_REGION, KVM_MEM_READONLY, dirty-log, addresses" },
	{ "pio, port i/o, port, ports", "IN and OUT",
	  "x86 has 65536 ports apart from memory. An access to one that no chip in the kernel "
	  "serves leaves KVM_RUN with KVM_EXIT_IO: io.port, io.direction, io.size (1, 2 or 4) "
	  "and io.count (more than 1 for INS and OUTS); the data is data_offset bytes behind the "
	  "start of kvm_run. After OUT, take it. For IN, write io.size * io.count bytes there: "
	  "the next KVM_RUN completes the instruction with them, and only then are registers and "
	  "rip up to date. Usual ports: 0xe9 debug console, 0x3f8 serial line, 0x60 and 0x64 "
	  "keyboard, 0x70 CMOS, 0xcf8 PCI.",
	  "KVM_EXIT_IO, io.data_offset, mmio, KVM_GET_VCPU_MMAP_SIZE" },
	{ "mmio, memory-mapped i/o", "devices at memory addresses",
	  "An access to a guest physical address without a slot, or a write to a read-only "
	  "one, leaves with KVM_EXIT_MMIO: mmio.phys_addr, len (1 to 8), is_write and data. "
	  "KVM has emulated the instruction up to there. After a write, take the data; for a "
	  "read, fill mmio.data: the next KVM_RUN completes it, and only then are registers "
	  "and rip up to date. A wide access may come as several exits.\n"
	  "When there should be memory at that address, the slot is missing, or the guest's "
	  "pointer is wrong. KVM emulates a part of the instruction set only: see "
	  "KVM_EXIT_INTERNAL_ERROR.",
	  "KVM_EXIT_MMIO, memory-slot, coalesced-mmio, pio, emulator" },
	{ "coalesced-mmio, coalesced i/o", "writes that are collected rather than exits",
	  "KVM_REGISTER_COALESCED_MMIO names a range of addresses, or of ports, where writes "
	  "have no effect that can't wait. KVM puts them into a ring in the vCPU's mapping, as "
	  "many pages behind its start as KVM_CAP_COALESCED_MMIO answers, and lets the guest run "
	  "on. The program empties the ring at each exit, before it handles it: entries from "
	  "`first` to `last`. When it is full, the next write is an ordinary exit. Reads always "
	  "are.",
	  "KVM_REGISTER_COALESCED_MMIO, kvm_coalesced_mmio_ring, mmio" },
	{ "dirty-log, dirty logging, dirty pages", "which pages the guest has written",
	  "A slot with KVM_MEM_LOG_DIRTY_PAGES has a bit for each page. KVM_GET_DIRTY_LOG copies "
	  "the bitmap and, unless KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 was enabled, clears it; then "
	  "KVM_CLEAR_DIRTY_LOG does. Only what the guest and KVM write counts: the program knows "
	  "its own writes. Live migration and screens are what it is for. Each page's first "
	  "write after clearing costs an exit to KVM (or none, with hardware that logs by "
	  "itself), but none to the program.",
	  "KVM_GET_DIRTY_LOG, KVM_MEM_LOG_DIRTY_PAGES, KVM_CLEAR_DIRTY_LOG, dirty-ring" },
	{ "dirty-ring", "dirty pages as a ring of each vCPU",
	  "In place of bitmaps: after KVM_ENABLE_CAP of KVM_CAP_DIRTY_LOG_RING, which must come "
	  "before the first vCPU, KVM writes slot and offset of each dirtied page into a ring "
	  "that is mapped from the vCPU at page KVM_DIRTY_LOG_PAGE_OFFSET. The program takes "
	  "entries that are KVM_DIRTY_GFN_F_DIRTY, marks them KVM_DIRTY_GFN_F_RESET and calls "
	  "KVM_RESET_DIRTY_RINGS. A full ring stops the vCPU with KVM_EXIT_DIRTY_RING_FULL.",
	  "KVM_CAP_DIRTY_LOG_RING, KVM_RESET_DIRTY_RINGS, dirty-log" },
};

EXPLAIN_TOPICS(explain_topics_memory, "memory and devices", memory);
