/*
 * Modes of the processor and the state that decides them.
 *
 * Sources: SDM vol. 3A, "System Architecture Overview" (modes, control
 * registers), "Protected-Mode Memory Management" (segments), "Interrupt and
 * Exception Handling", "Processor Management" (state after reset), vol. 3C
 * "VM Entries" (checks on segments); APM vol. 2 chapters 1-4; api.rst 4.20,
 * 4.41, 4.46; kvm_is_valid_sregs() and kvm_vcpu_reset() in arch/x86/kvm/x86.c
 * and __set_regs() there, of Linux 6.1.
 */
#include "explain/topics.h"

static const struct explain_topic modes[] = {
	{ "real-mode, real, 16-bit mode", "the mode that a processor starts in",
	  "CR0.PE is 0. An address is a 16-bit offset plus the base of a segment, which is the "
	  "selector times 16 once the guest has loaded it; there is no protection and no "
	  "paging, so that the sum is a guest physical address at once (gva = gpa). It is "
	  "still no address of the host: the memory slot leads from there to the program's "
	  "memory. Interrupts go through a table of far pointers at IDT base 0.\n"
	  "A new vCPU is in this mode at 0xfffffff0, its reset address: set cs.base and "
	  "cs.selector to 0 with KVM_SET_SREGS and rip with KVM_SET_REGS before the first "
	  "KVM_RUN. Intel processors without unrestricted guest also need KVM_SET_TSS_ADDR.",
	  "reset-state, segment, protected-mode, unrestricted-guest, addresses" },
	{ "protected-mode, protected, 32-bit mode", "32-bit code with segments, paging or not",
	  "CR0.PE is 1 and EFER.LMA is 0. A segment's base, limit and rights come from a "
	  "descriptor in the GDT or LDT when the guest loads its selector; KVM_SET_SREGS sets "
	  "them directly, so that no GDT is needed until the guest loads one itself. Flat "
	  "segments have base 0 and limit 0xffffffff. cs.db chooses between 16-bit (0) and "
	  "32-bit (1) instructions; wrong, the same bytes decode to others, in silence.\n"
	  "With CR0.PG = 0 the sum of base and offset is the guest physical address; with CR0.PG "
	  "= 1 it is translated: paged32 or pae.",
	  "segment, CR0, paged32, pae, real-mode, long-mode" },
	{ "long-mode, long, 64-bit mode, ia-32e mode", "the processor's 64-bit mode",
	  "It takes EFER.LME, CR4.PAE, CR0.PE and CR0.PG together, and page tables at CR3: "
	  "long mode can't go without paging. A processor sets EFER.LMA by itself when it gets "
	  "there, but KVM_SET_SREGS takes the state as it is: LME and PG without LMA or "
	  "without PAE are EINVAL, and so is cs.l = 1 or LMA without LME and PG.\n"
	  "With cs.l = 1 and cs.db = 0 the code is 64-bit: addresses have 48 bits (57 with "
	  "CR4.LA57) and must be canonical, and the bases of CS, DS, ES and SS count as 0. With "
	  "cs.l = 0 it is compatibility mode. `hv --long` has the fewest tables there can be: "
	  "one of each level, and one page of 2 MiB.",
	  "paging, page-table, compatibility-mode, la57, EFER, KVM_SET_SREGS" },
	{ "compatibility-mode, compat, compatibility submode",
	  "16-bit or 32-bit code below a 64-bit kernel",
	  "EFER.LMA is 1 but cs.l is 0: the processor is in long mode and runs old code. cs.db "
	  "chooses between 16-bit and 32-bit instructions, bases and limits of the segments hold "
	  "again, addresses have 32 bits; but translation stays that of long mode, with the same "
	  "tables at CR3, and interrupts enter 64-bit code. A guest that was meant to be 64-bit "
	  "ends up here when its program forgets cs.l: its instructions then decode without "
	  "their REX prefixes.",
	  "long-mode, segment, protected-mode" },
	{ "reset-state, reset, reset vector", "what a new vCPU starts with",
	  "KVM_CREATE_VCPU leaves a vCPU as a processor comes out of reset: real mode, cs.base "
	  "0xffff0000 with selector 0xf000, rip 0xfff0, and thus the first instruction at "
	  "guest physical 0xfffffff0, where firmware has its ROM. A program without firmware "
	  "must set both: cs.base and cs.selector (KVM_SET_SREGS) and rip (KVM_SET_REGS). When "
	  "the first exit is at 0xfffffff0, as KVM_EXIT_MMIO or KVM_EXIT_INTERNAL_ERROR, it "
	  "did not.\n"
	  "Read the state with KVM_GET_SREGS, change what you mean to, and write it back: the "
	  "rest of it is valid then.",
	  "real-mode, KVM_GET_SREGS, KVM_SET_SREGS, KVM_SET_REGS, segment" },
	{ "segment, segments, descriptor cache, hidden part, descriptor, gdt, ldt",
	  "selector, and what the processor remembers of its descriptor",
	  "A segment register has a selector, which the guest sees, and a hidden part with "
	  "base, limit and attributes, which is filled from the GDT or LDT when the selector "
	  "is loaded. Only the hidden part counts when memory is accessed. struct kvm_segment "
	  "holds both, and KVM_SET_SREGS writes both: it reads no descriptor.\n"
	  "The attributes must fit each other: code is type 0xb, data 3 (accessed), s = 1, "
	  "present = 1; TR is a busy TSS, type 0xb with s = 0; l and db are never both 1. Intel "
	  "processors check it at VM entry and answer KVM_EXIT_FAIL_ENTRY; AMD's accept more. "
	  "limit is in bytes, whatever g says: g = 1 needs its low 12 bits set.",
	  "kvm_segment, vm-entry, KVM_EXIT_FAIL_ENTRY, protected-mode" },
	{ "idt, interrupt descriptor table, ivt", "where exceptions and interrupts go to",
	  "kvm_sregs.idt has its base (a guest virtual address) and limit. Entry n, 16 bytes "
	  "long in long mode, 8 in protected mode and 4 in real mode, names the handler of "
	  "vector n. KVM_SET_SREGS only says where the table is; the guest, or the program in "
	  "the guest's memory, must fill it.\n"
	  "A small guest has none and lives as long as it raises no exception; the first one "
	  "can't be delivered, becomes a double fault, then a triple fault, and ends as "
	  "KVM_EXIT_SHUTDOWN.",
	  "triple-fault, exception vectors, kvm_dtable" },
	{ "tss, task state segment, unrestricted-guest",
	  "why Intel asks for KVM_SET_TSS_ADDR",
	  "Intel's first processors with VMX could run only paged, protected code in a guest. "
	  "There KVM runs real mode as virtual-8086 mode, which needs a task state segment, "
	  "and unpaged code with a table that maps each address to itself: three pages for "
	  "KVM_SET_TSS_ADDR and one for KVM_SET_IDENTITY_MAP_ADDR, below 4 GiB and outside of "
	  "every slot; the latter before the first vCPU.\n"
	  "Processors since about 2010 have \"unrestricted guest\" and need neither, nor do "
	  "AMD's; calling them does no harm. /sys/module/kvm_intel/parameters/unrestricted_guest "
	  "tells.",
	  "KVM_SET_TSS_ADDR, KVM_SET_IDENTITY_MAP_ADDR, real-mode, vm-entry" },
	{ "cr0", "the control register that turns on protection and paging",
	  "Bits that decide the mode: PE (bit 0) protected mode, PG (bit 31) paging; PG without "
	  "PE is refused. WP (16) makes pages without RW read-only for the kernel too; NE (5) "
	  "must be set for VMX, KVM sees to it; NW without CD is refused, and the state after "
	  "reset has both. In C, 1 << 31 is a negative int: as a 64-bit value bits 32-63 become "
	  "ones and KVM_SET_SREGS says EINVAL. Write 1u << 31, or X86_CR0_PG of "
	  "<asm/processor-flags.h>.",
	  "CR0.PG, CR0.PE, paging, protected-mode, KVM_SET_SREGS" },
	{ "cr2", "the address of the last page fault",
	  "The processor writes the guest virtual address that faulted here before it calls the "
	  "handler of vector 14. After KVM_EXIT_SHUTDOWN it often tells what the guest wanted to "
	  "reach: the first fault, unless the guest was reset since (AMD).",
	  "page-fault, triple-fault, KVM_GET_SREGS" },
	{ "cr3, page directory base", "where the guest's page tables begin",
	  "The guest physical address of the topmost table, aligned to 4 KiB (to 32 bytes for "
	  "pae); it counts with CR0.PG = 1 only. By it, in KVM_SET_SREGS or by the guest's MOV "
	  "to CR3, KVM and the processor get to know the tables; KVM_SET_USER_MEMORY_REGION only "
	  "makes the bytes guest memory. It is neither an address of the program nor a guest "
	  "virtual one, and must lie in a slot. With CR4.PCIDE its low 12 bits are a PCID.",
	  "paging, page-table, memory-slot, addresses" },
	{ "cr4", "the control register of later additions",
	  "What matters to a small hypervisor: PAE (bit 5), which long mode needs; PSE (4), 4 "
	  "MiB pages in paged32; LA57 (12), five levels; OSFXSR (9), without which SSE "
	  "instructions raise an invalid-opcode exception (compilers use SSE for 64-bit code); "
	  "OSXSAVE (18) for AVX; SMEP (20) and SMAP (21) keep the kernel from the user's pages. "
	  "A bit that the vCPU's CPUID doesn't have is EINVAL in KVM_SET_SREGS.",
	  "CR4.PAE, CR4.OSFXSR, pae, la57, cpuid" },
	{ "efer, extended feature enable register", "the register that enables long mode",
	  "LME (bit 8) asks for long mode, LMA (10) says that it is active, NXE (11) makes bit "
	  "63 of page-table entries mean no-execute (without it that bit must be 0), SCE (0) "
	  "enables SYSCALL, SVME (12) nested virtualization on AMD. It is MSR 0xc0000080, and a "
	  "member of kvm_sregs: KVM_SET_SREGS is where a program sets it. LMA follows from LME "
	  "and CR0.PG on a processor, but there both are given by hand.",
	  "EFER.LMA, EFER.LME, long-mode, IA32_EFER, KVM_SET_SREGS" },
	{ "rflags, eflags", "flags of the guest",
	  "CF, ZF, SF and others, and what matters to KVM: IF (bit 9), without which no maskable "
	  "interrupt is taken, so that HLT waits for ever; TF (8), single step; VM (17), "
	  "virtual-8086 mode. Bit 1 is always 1: KVM sets it itself, although Intel's processors "
	  "would refuse to enter a guest without it.",
	  "kvm_regs.rflags, interrupt-injection, KVM_EXIT_HLT" },
	{ "cpuid", "what the guest is told that its processor can do",
	  "The guest's CPUID instruction always leaves to KVM, which answers from the table that "
	  "the program gave by KVM_SET_CPUID2; without it everything is 0, and software that "
	  "asks finds no SSE, no long mode, no APIC. Take KVM_GET_SUPPORTED_CPUID's list (E2BIG: "
	  "nent is too small), change what must differ for each vCPU, such as the APIC id, and "
	  "give it before the first KVM_RUN. KVM uses it too: it decides which bits of CR4 and "
	  "which MSRs the guest may have, and how wide its physical addresses are. `kvmtrace "
	  "explain CPUID.1:ECX` prints a register's bits.",
	  "KVM_SET_CPUID2, KVM_GET_SUPPORTED_CPUID, CPUID leaves, CPUID.1:EDX, CPUID.7:EBX" },
	{ "msr, model-specific register", "registers by number",
	  "RDMSR and WRMSR take a 32-bit number; most of what they reach is handled in the "
	  "kernel. A program reads and writes them with KVM_GET_MSRS and KVM_SET_MSRS, which "
	  "return how many they did, not an error: fewer than nmsrs means that the next one "
	  "failed. KVM_GET_MSR_INDEX_LIST tells which are worth saving. A guest that touches one "
	  "that KVM doesn't have gets a general protection fault, or, after KVM_ENABLE_CAP of "
	  "KVM_CAP_X86_USER_SPACE_MSR, the program gets an exit.",
	  "KVM_SET_MSRS, KVM_EXIT_X86_RDMSR, KVM_CAP_X86_USER_SPACE_MSR, IA32_EFER" },
};

EXPLAIN_TOPICS(explain_topics_modes, "modes and registers", modes);
