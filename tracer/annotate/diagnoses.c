#include "annotate/diagnoses.h"

#include <string.h>

/*
 * Sources: api.rst (the sections named at the rules), SDM vol. 3 and APM
 * vol. 2, and runs of each cause (tests/programs/broken).
 */
const struct diagnosis diagnoses[DIAGNOSIS_CODES] = {
	/* What the trace shows, and what it can't */
	[CODE_NOT_KVM] = { "not-kvm", "any", NOTE_WARN,
		"The descriptor is no file of KVM's, so the number of the request "
		"means nothing to it.",
		NULL },
	[CODE_UNKNOWN_REQUEST] = { "unknown-request", "any", NOTE_INFO,
		"No ioctl of KVM with this number is known; its bytes are shown "
		"raw.",
		NULL },
	[CODE_UNKNOWN_EXIT] = { "unknown-exit", "any", NOTE_INFO,
		"No exit of KVM with this number is known; the bytes of kvm_run's "
		"union are shown raw.",
		NULL },
	[CODE_UNREADABLE_DESCRIPTOR] = { "unreadable-descriptor", "any", NOTE_WARN,
		"What the descriptor is could not be read, so exits can't be shown "
		"for it.",
		NULL },
	[CODE_NO_KVM_RUN] = { "no-kvm-run", "any", NOTE_WARN,
		"Where kvm_run is mapped is not known, so the exit can't be shown.",
		NULL },
	[CODE_UNREADABLE] = { "unreadable", "any", NOTE_WARN,
		"Memory of the program that the call names could not be read whole.",
		NULL },
	[CODE_UNREACHABLE] = { "unreachable", "any", NOTE_WARN,
		"EFAULT: KVM could not reach the memory that the call names.",
		NULL },
	[CODE_CUT] = { "cut", "any", NOTE_WARN,
		"The call names more than is shown.",
		NULL },
	[CODE_RESTARTED] = { "restarted", "any", NOTE_INFO,
		"A signal interrupted the call; the kernel starts it again by "
		"itself.",
		NULL },
	[CODE_HPA_HIDDEN] = { "hpa-not-visible", "any", NOTE_INFO,
		"The host physical address behind the entry point is not visible.",
		"To see it, run kvmtrace with CAP_SYS_ADMIN (as root)." },
	[CODE_GUEST_UNKNOWN] = { "guest-unknown", "any", NOTE_INFO,
		"The guest's mode and where it goes on are not known, as its special "
		"registers are not.",
		NULL },
	/* /dev/kvm and descriptors */
	[CODE_KVM_MISSING] = { "kvm-missing", "any", NOTE_ERROR,
		"/dev/kvm does not exist: no KVM module is loaded, or the machine "
		"has no virtualisation.",
		"Load kvm_intel or kvm_amd, and enable virtualisation in the "
		"firmware." },
	[CODE_KVM_DENIED] = { "kvm-denied", "any", NOTE_ERROR,
		"The user may not open /dev/kvm.",
		"Join the group kvm, and log in again." },
	[CODE_HARDWARE_TAKEN] = { "hardware-taken", "any", NOTE_ERROR,
		"KVM could not enable virtualisation: another hypervisor may hold "
		"the hardware.",
		"Stop the other hypervisor, for instance VirtualBox." },
	[CODE_WRONG_DESCRIPTOR] = { "wrong-descriptor", "any", NOTE_ERROR,
		"The request is not one for this kind of descriptor.",
		"Use the descriptor that it is for: /dev/kvm, the VM's, or the "
		"vCPU's." },
	[CODE_OTHER_PROCESS] = { "other-process", "any", NOTE_ERROR,
		"The VM was made by another process; a VM belongs to the address "
		"space it was made in.",
		"Make the VM after fork(), or run it in the process that made it." },
	[CODE_PRIVATE_KVM_RUN] = { "private-kvm-run", "any", NOTE_WARN,
		"kvm_run is mapped MAP_PRIVATE: what the program writes there stays"
		" its own and hides what KVM writes, so no exit is shown.",
		"Map it MAP_SHARED." },
	[CODE_RUN_DATA_UNMAPPED] = { "run-data-unmapped", "any", NOTE_ERROR,
		"kvm_run is mapped smaller than KVM_GET_VCPU_MMAP_SIZE, and the "
		"exit's data lies outside.",
		"Map as many bytes as KVM_GET_VCPU_MMAP_SIZE says." },
	/* Special registers */
	[CODE_LMA_MISSING] = { "sregs-lma-missing", "any", NOTE_ERROR,
		"EFER.LME and CR0.PG are set but EFER.LMA is not, and KVM_SET_SREGS"
		" takes the state as it is.",
		"Set EFER.LMA (bit 10) together with EFER.LME." },
	[CODE_PAE_MISSING] = { "sregs-pae-missing", "any", NOTE_ERROR,
		"Long mode (EFER.LME and CR0.PG) is asked for without CR4.PAE.",
		"Set CR4.PAE (bit 5)." },
	[CODE_LMA_WITHOUT_PAGING] = { "sregs-lma-without-paging", "any", NOTE_ERROR,
		"EFER.LMA says that long mode is active, but EFER.LME or CR0.PG is "
		"clear.",
		"Set EFER.LME and CR0.PG for long mode, or clear EFER.LMA." },
	[CODE_CS_L_WITHOUT_LMA] = { "sregs-cs-l-without-lma", "any", NOTE_ERROR,
		"cs.l = 1 marks 64-bit code, but long mode is not active (EFER.LMA "
		"= 0).",
		"Clear cs.l, or enter long mode: CR0.PE, CR0.PG, CR4.PAE, EFER.LME "
		"and EFER.LMA." },
	[CODE_CR0_PG_WITHOUT_PE] = { "cr0-pg-without-pe", "any", NOTE_ERROR,
		"CR0.PG is set without CR0.PE: paging needs protected mode.",
		"Set CR0.PE (bit 0) as well." },
	[CODE_CR0_NW_WITHOUT_CD] = { "cr0-nw-without-cd", "any", NOTE_ERROR,
		"CR0.NW is set without CR0.CD, which is reserved.",
		"Clear CR0.NW (bit 29), or set CR0.CD as well." },
	[CODE_CR0_HIGH_BITS] = { "cr0-high-bits", "any", NOTE_ERROR,
		"Bits 63:32 of CR0 are set, as by 1 << 31, an int that is negative.",
		"Write 1U << 31, or X86_CR0_PG of <asm/processor-flags.h>." },
	[CODE_CR4_RESERVED] = { "cr4-reserved-bits", "any", NOTE_ERROR,
		"CR4 has bits that the processor, or the CPUID given to the vCPU, "
		"does not have.",
		"Clear those bits, or give the vCPU the CPUID that has them first." },
	[CODE_CR3_TOO_HIGH] = { "cr3-beyond-maxphyaddr", "any", NOTE_ERROR,
		"CR3 lies beyond the vCPU's physical addresses, as addresses of the program "
		"itself do.",
		"Put the guest physical address of the top table in CR3." },
	[CODE_XCR0_INVALID] = { "xcr0-invalid", "any", NOTE_ERROR,
		"XCR0 has a combination of bits that this processor does not allow.",
		"Always set bit 0 (x87), set SSE with AVX, and stay within CPUID "
		"leaf 0xd." },
	[CODE_APIC_BASE_INVALID] = { "apic-base-invalid", "any", NOTE_ERROR,
		"apic_base has bits that it can't have.",
		"Begin with what KVM_GET_SREGS gives, and change only what you mean "
		"to." },
	/* Memory slots */
	[CODE_SLOT_UNALIGNED] = { "slot-unaligned", "any", NOTE_ERROR,
		"The guest address, size or host address of a slot is not a "
		"multiple of 4096.",
		"Align all three; take the memory from mmap(), not malloc()." },
	[CODE_SLOT_RESIZED] = { "slot-resized", "any", NOTE_ERROR,
		"A slot that exists was given another size.",
		"Delete it with memory_size 0 first, or add another slot." },
	[CODE_SLOT_CHANGED] = { "slot-changed", "any", NOTE_ERROR,
		"The host address or KVM_MEM_READONLY of a slot that exists was "
		"changed, which KVM does not do.",
		"Delete it with memory_size 0 first, or use another slot number." },
	[CODE_SLOT_OVERLAP] = { "slot-overlap", "any", NOTE_ERROR,
		"The slot overlaps another one in guest physical memory.",
		"Move or shorten it, or delete the other." },
	[CODE_SLOT_FLAGS] = { "slot-flags-unknown", "any", NOTE_ERROR,
		"flags of the slot has bits that KVM does not know or not allow "
		"here.",
		"Initialise the whole structure; flags is 0 for plain memory." },
	[CODE_SLOT_NUMBER] = { "slot-number", "any", NOTE_ERROR,
		"The number of the slot is none that KVM has: bits 15:0 go up to "
		"what KVM_CAP_NR_MEMSLOTS says, bits 31:16 are the address space.",
		"Initialise the whole structure; number the slots from 0." },
	[CODE_SLOT_ABSENT] = { "slot-absent", "any", NOTE_ERROR,
		"memory_size 0 deletes a slot, and there is none of this number.",
		"Give the size in bytes; delete a slot once." },
	[CODE_SLOT_RANGE] = { "slot-range", "any", NOTE_ERROR,
		"The slot reaches beyond what guest physical or the program's own "
		"addresses can be.",
		"Check the address and the size, and what mmap() returned." },
	[CODE_SLOT_MEMORY_GONE] = { "slot-memory-gone", "any", NOTE_ERROR,
		"The host memory of a slot is no longer mapped or accessible.",
		"Keep the mapping for as long as the slot exists." },
	/* The order of calls, and their arguments */
	[CODE_IDENTITY_MAP_AFTER_VCPU] = { "identity-map-after-vcpu", "any", NOTE_ERROR,
		"KVM_SET_IDENTITY_MAP_ADDR came after the first KVM_CREATE_VCPU.",
		"Call it before any vCPU is made." },
	[CODE_IRQCHIP_AFTER_VCPU] = { "irqchip-after-vcpu", "any", NOTE_ERROR,
		"KVM_CREATE_IRQCHIP came after the first KVM_CREATE_VCPU.",
		"Make the chip first." },
	[CODE_IRQCHIP_EXISTS] = { "irqchip-exists", "any", NOTE_ERROR,
		"The VM has an interrupt controller in the kernel already.",
		"Call KVM_CREATE_IRQCHIP once for a VM." },
	[CODE_NO_IRQCHIP] = { "no-irqchip", "any", NOTE_ERROR,
		"The request needs an interrupt controller in the kernel, and none "
		"was made.",
		"Call KVM_CREATE_IRQCHIP before the vCPUs, or use KVM_INTERRUPT." },
	[CODE_VCPU_ID_USED] = { "vcpu-id-used", "any", NOTE_ERROR,
		"A vCPU with this id exists already.",
		"Give each vCPU an id of its own, from 0." },
	[CODE_VCPU_ID_TOO_LARGE] = { "vcpu-id-too-large", "any", NOTE_ERROR,
		"The id of the vCPU is beyond what KVM takes.",
		"Number vCPUs from 0, below what KVM_CAP_MAX_VCPU_ID says." },
	[CODE_RUN_ARGUMENT] = { "run-argument", "any", NOTE_ERROR,
		"KVM_RUN was given an argument.",
		"Pass 0; kvm_run is shared by mmap() of the vCPU." },
	[CODE_TOO_FEW_ENTRIES] = { "too-few-entries", "any", NOTE_ERROR,
		"The array has room for fewer entries than KVM has.",
		"Give more room; where KVM left the number it has, that much is enough." },
	[CODE_CPUID_TOO_MANY] = { "cpuid-too-many-entries", "any", NOTE_ERROR,
		"nent is above what KVM takes (256).",
		"Set nent to the number of entries; KVM_GET_SUPPORTED_CPUID leaves "
		"it right." },
	[CODE_CPUID_AFTER_RUN] = { "cpuid-after-run", "any", NOTE_ERROR,
		"KVM_SET_CPUID2 came after KVM_RUN, when CPUID can no longer change.",
		"Set CPUID before the vCPU runs for the first time." },
	[CODE_PARTIAL] = { "partial", "any", NOTE_ERROR,
		"KVM stopped at the first entry that it refused; the result is how "
		"many it did.",
		"Compare the result with the number asked for." },
	[CODE_INTERRUPT_IF_0] = { "interrupt-while-if-0", "any", NOTE_ERROR,
		"KVM_INTERRUPT while the guest's interrupts are off (IF = 0); Intel"
		" refuses the entry.",
		"Set request_interrupt_window and wait for "
		"ready_for_interrupt_injection." },
	[CODE_VCPU_BUSY] = { "vcpu-busy", "any", NOTE_WARN,
		"A request on a vCPU waited for another thread's KVM_RUN on it.",
		"Make that thread leave KVM_RUN first, or ask from that thread." },
	/* Entering the guest */
	[CODE_TSS_ADDRESS_MISSING] = { "tss-address-missing", "intel", NOTE_WARN,
		"The guest is in real mode and KVM_SET_TSS_ADDR was never called; "
		"Intel processors without unrestricted guest need it.",
		"Call KVM_SET_TSS_ADDR, for instance with 0xfffbd000, after "
		"KVM_CREATE_VM." },
	[CODE_FAIL_ENTRY_STATE] = { "fail-entry-guest-state", "intel", NOTE_ERROR,
		"The processor refused the guest's state at VM entry (0x80000021); "
		"the note names the rule that was broken when it is seen.",
		"Mend the segment or register named: types accessed, TR busy (11), "
		"not both L and D/B, no reserved bits." },
	[CODE_FAIL_ENTRY_VMRUN] = { "fail-entry-vmrun", "amd", NOTE_ERROR,
		"The processor refused the guest's state at VMRUN (VMEXIT_INVALID).",
		"Mend the register named: among others CS.L and CS.D are both set, "
		"or reserved bits of CR0, CR4 or EFER." },
	[CODE_IMMEDIATE_EXIT_STUCK] = { "immediate-exit-stuck", "any", NOTE_ERROR,
		"immediate_exit is still set, so each KVM_RUN returns EINTR at "
		"once.",
		"Clear kvm_run->immediate_exit before running on; KVM does not." },
	[CODE_RUN_AFTER_SHUTDOWN] = { "run-after-shutdown", "any", NOTE_WARN,
		"KVM_RUN was called again after KVM_EXIT_SHUTDOWN; the vCPU no "
		"longer runs the guest's program.",
		"Stop at KVM_EXIT_SHUTDOWN, or reset the vCPU." },
	[CODE_CODE_WIDTH] = { "code-width", "any", NOTE_WARN,
		"cs.db does not fit the mode: real mode has 16-bit code, protected mode as a rule "
		"32-bit code, and the one decodes to nonsense as the other.",
		"Clear cs.db for 16-bit code, set it for 32-bit code." },
	[CODE_LEGACY_PAGING_ON_PVM] = { "legacy-paging-on-pvm", "pvm", NOTE_WARN,
		"32-bit or PAE paging without long mode, which the PVM flavour of "
		"KVM does not have.",
		"Run it on hardware KVM, or use long mode." },
	/* Where the guest went wrong */
	[CODE_PAGE_NOT_PRESENT] = { "page-not-present", "any", NOTE_ERROR,
		"The walk from CR3 to the next instruction ends at an entry whose P"
		" bit is 0.",
		"Write that entry, with P and the address of the next table or "
		"page, before KVM_RUN." },
	[CODE_PAGE_TABLE_OUTSIDE] = { "page-table-outside-memory", "any", NOTE_ERROR,
		"The walk from CR3 leads to a table or page where no slot has "
		"memory.",
		"Use guest physical addresses in CR3 and in entries, inside a slot." },
	[CODE_PAGE_RESERVED_BIT] = { "page-reserved-bit", "any", NOTE_ERROR,
		"The walk from CR3 meets an entry with a reserved bit set.",
		"Clear the bit; PS is for the entries of a page directory and, with"
		" 1 GiB pages, of a PDPT only." },
	[CODE_PAGE_REFUSED] = { "page-access-refused", "any", NOTE_ERROR,
		"The next instruction's page is mapped, but must not be executed.",
		"Clear NX, or set U/S for code of CPL 3 and clear it for code of CPL 0 "
		"with CR4.SMEP." },
	[CODE_NX_WITHOUT_NXE] = { "nx-without-nxe", "any", NOTE_ERROR,
		"A page-table entry has the NX bit while EFER.NXE = 0, where that "
		"bit is reserved.",
		"Set EFER.NXE (bit 11), or clear bit 63 of the entries." },
	[CODE_TRIPLE_FAULT] = { "triple-fault-no-idt", "any", NOTE_ERROR,
		"The guest had an exception that nothing handled, as without an IDT or a "
		"stack that works: a triple fault.",
		"See the instruction at the last rip; give the guest an IDT, or "
		"avoid the exception." },
	[CODE_SSE_WITHOUT_OSFXSR] = { "sse-without-osfxsr", "any", NOTE_ERROR,
		"The guest executed an SSE instruction with CR4.OSFXSR = 0, an "
		"invalid opcode.",
		"Set CR4.OSFXSR and CR4.OSXMMEXCPT, or build the guest with "
		"-mgeneral-regs-only." },
	[CODE_CPUID_NEVER_SET] = { "cpuid-never-set", "any", NOTE_ERROR,
		"KVM_SET_CPUID2 was never called, so the guest's processor has no "
		"features, long mode included.",
		"Pass what KVM_GET_SUPPORTED_CPUID gives to KVM_SET_CPUID2 before "
		"KVM_RUN." },
	[CODE_RESET_CS_BASE] = { "reset-cs-base", "any", NOTE_ERROR,
		"CS is as after a reset, base 0xffff0000, so the first fetch is "
		"from there plus rip, where no slot is.",
		"Set cs.base and cs.selector to 0 with KVM_SET_SREGS, or map memory"
		" there." },
	[CODE_FETCH_OUTSIDE] = { "fetch-outside-memory", "any", NOTE_ERROR,
		"The guest's next instruction can't be fetched, as where no slot has memory.",
		"See how the guest came there; check rip, cs.base and the slots." },
	[CODE_EMULATION_FAILED] = { "emulation-failed", "any", NOTE_ERROR,
		"KVM had to emulate an instruction that its emulator does not know;"
		" the PVM flavour of KVM emulates far more than others.",
		"Use plain MOV for devices, or build the guest with -mgeneral-regs-"
		"only." },
	/* Exits and how they are answered */
	[CODE_READ_NOT_COMPLETED] = { "read-not-completed", "any", NOTE_WARN,
		"The guest read a port or MMIO and was given what stood there before, as if "
		"nothing had been written.",
		"Write the answer at io.data_offset or in mmio.data before the next KVM_RUN; "
		"if 0 is the answer, all is well." },
	[CODE_REGS_BEFORE_COMPLETION] = { "regs-before-completion", "any", NOTE_WARN,
		"Registers were asked for or set while a read of the guest was "
		"still to be completed, which will write some of them.",
		"Complete it first by a KVM_RUN with immediate_exit set." },
	[CODE_SERIAL_NEVER_READY] = { "serial-never-ready", "any", NOTE_WARN,
		"The guest polls a serial line status register that never says "
		"\"transmitter empty\" (0x20).",
		"Answer reads of port 0x3fd with 0x60." },
	/* How the program ended */
	[CODE_HLT_IN_KERNEL] = { "hlt-in-kernel-irqchip", "any", NOTE_INFO,
		"With an interrupt controller in the kernel, HLT waits there, and a "
		"further vCPU for its SIPI: no KVM_EXIT_HLT.",
		"Leave out KVM_CREATE_IRQCHIP, inject an interrupt, or let the "
		"guest end by a port." },
	[CODE_RUN_NEVER_RETURNED] = { "run-never-returned", "any", NOTE_INFO,
		"The last KVM_RUN had not returned by itself when the program "
		"ended.",
		"If the vCPU was to be stopped: set immediate_exit in the signal "
		"handler, lest a signal before KVM_RUN is lost." },
	[CODE_EINTR_FATAL] = { "eintr-taken-as-fatal", "any", NOTE_WARN,
		"KVM_RUN returned EINTR because of a signal, and the program gave "
		"up.",
		"Call KVM_RUN again on EINTR; look at errno before exit_reason." },
	[CODE_EXIT_UNHANDLED] = { "exit-unhandled", "any", NOTE_INFO,
		"The program ended after an exit that it seems to have no case for: "
		"the guest waits for an answer.",
		"Handle this exit reason." },
};

const struct diagnosis *diagnosis_find(const char *code)
{
	for (int i = 0; i < DIAGNOSIS_CODES; i++)
		if (!strcmp(diagnoses[i].code, code))
			return &diagnoses[i];
	return NULL;
}
