/*
 * Exits that puzzle: what they mean, why they come, what to do then.
 *
 * Sources: api.rst chapter 5; SDM vol. 3A, "Interrupt and Exception Handling"
 * (double fault), vol. 3C, "VM Entries" and "VM Instruction Error Numbers";
 * APM vol. 2 15.5.1 and 15.14.3 (shutdown); handle_emulation_failure() in
 * arch/x86/kvm/x86.c, vmx/vmx.c and svm/svm.c of Linux 6.1; runs of each.
 */
#include "explain/topics.h"

static const struct explain_topic exits[] = {
	{ "KVM_EXIT_INTERNAL_ERROR, internal-error, kvm internal error",
	  "causes, and what to do",
	  "KVM gave up on this vCPU; running it again mostly gives the same. "
	  "internal.suberror:\n"
	  "1, EMULATION: KVM had to execute an instruction itself and can't. Look at rip: "
	  "outside of every slot, or in data, the guest went astray (a wrong entry point, "
	  "cs.base, page table or stack); at an SSE or AVX instruction, it touches mmio with "
	  "it. internal.emulation_failure has the bytes, if its flags say so.\n"
	  "2, SIMUL_EX, and 3, DELIVERY_EV: an event could not be delivered, often since IDT, "
	  "GDT or stack lie where no slot is. 4, UNEXPECTED_EXIT_REASON: the processor gave a "
	  "reason that this kernel doesn't know.\n"
	  "Then print KVM_GET_REGS and KVM_GET_SREGS, and compare rip and rsp with the slots.",
	  "emulator, memory-slot, KVM_INTERNAL_ERROR_*, kvm_run.internal, fetch-outside-memory" },
	{ "KVM_EXIT_SHUTDOWN, shutdown", "causes, and what to do",
	  "The guest had a triple fault (on a real machine it would reboot). At the first "
	  "KVM_RUN mostly the page tables: an entry missing, with reserved bits, or in no slot. "
	  "Later mostly an exception without an IDT: an invalid instruction, SSE without "
	  "CR4.OSFXSR, a division by 0, a page fault (see cr2), a wrong stack. Print "
	  "KVM_GET_SREGS and KVM_GET_REGS; on AMD KVM may have reset them by then: step through "
	  "with KVM_GUESTDBG_SINGLESTEP. Legacy paging under PVM ends so as well. Running the "
	  "vCPU again without setting its state leads nowhere.",
	  "triple-fault, page-table, idt, CR2, KVM_SET_GUEST_DEBUG, pvm" },
	{ "triple-fault, double-fault, #df", "an exception that can't be delivered, twice",
	  "When the processor can't call an exception's handler (no IDT entry, its page isn't "
	  "mapped, the stack isn't writable) it raises a double fault, vector 8; if that can't "
	  "be delivered either, it shuts down: KVM_EXIT_SHUTDOWN. So the question is which "
	  "exception came first. In a guest without an IDT every exception ends so, at once.",
	  "KVM_EXIT_SHUTDOWN, idt, page-fault, exception vectors" },
	{ "KVM_EXIT_FAIL_ENTRY, fail-entry, invalid guest state", "causes, and what to do",
	  "The processor refused the vCPU's state, no instruction of the guest was executed. "
	  "fail_entry.hardware_entry_failure_reason is the hardware's own number. Intel, "
	  "0x80000021: invalid guest state, mostly segments: a type without its accessed bit, TR "
	  "not a busy TSS, cs.l and cs.db both 1, limit against g, a base or rip that is not "
	  "canonical; small numbers are VM instruction errors, KVM's own. AMD, -1: VMRUN found "
	  "EFER, CR0, CR3, CR4 or CS inconsistent. A program that is tried on AMD only often "
	  "meets Intel's rules here. Start from what KVM_GET_SREGS says.",
	  "vm-entry, segment, hardware_entry_failure_reason, fail_entry.cpu, "
	  "fail-entry-guest-state" },
	{ "KVM_EXIT_HLT, hlt, halt", "the guest halted",
	  "The guest executed HLT: with interrupts it is how a kernel waits, without any it is "
	  "how a small guest says that it is done. rip is behind the HLT; KVM_GET_REGS has the "
	  "result. To let it go on inject an interrupt (RFLAGS.IF must be 1) and call KVM_RUN "
	  "again. It never comes with an interrupt controller in the kernel: there KVM_RUN "
	  "itself waits.",
	  "irqchip, interrupt-injection, hlt-in-kernel-irqchip, KVM_GET_REGS" },
	{ "KVM_EXIT_INTR", "a signal interrupted the guest",
	  "KVM_RUN failed with EINTR, and KVM left this as the reason. A program that tests "
	  "exit_reason without looking at the result and errno is wrong: by itself this value "
	  "never comes with a result of 0 on x86.",
	  "EINTR, immediate_exit, run-loop" },
	{ "KVM_EXIT_IO", "what to do then",
	  "See io.port and io.direction. Out: the data is io.size * io.count bytes at kvm_run + "
	  "io.data_offset. In: put the answer there before the next KVM_RUN; otherwise the guest "
	  "reads what lay there before. A guest that polls (the serial line's status at 0x3fd "
	  "wants 0x20: ready to send) spins until it gets the bit that it waits for. A port that "
	  "no device has reads as all ones on a PC.",
	  "pio, io.data_offset, KVM_GET_VCPU_MMAP_SIZE, serial-never-ready" },
	{ "KVM_EXIT_MMIO", "what to do then",
	  "If mmio.phys_addr belongs to a device of yours: take mmio.data (is_write), or fill it "
	  "before the next KVM_RUN. If not, a slot is missing or too small, the guest uses a "
	  "wrong pointer, or its page tables lead astray. At 0xfffffff0 the vCPU is still in its "
	  "reset state. Fetching code from such an address is no MMIO but an internal error.",
	  "mmio, memory-slot, reset-state, KVM_EXIT_INTERNAL_ERROR" },
	{ "KVM_EXIT_UNKNOWN", "rarely what it says",
	  "0 is also what kvm_run holds before anything ran: a program that looks at exit_reason "
	  "although KVM_RUN failed finds it. Test the result first. If it did return 0, "
	  "hw.hardware_exit_reason has the processor's number for a VM exit that KVM doesn't "
	  "know.",
	  "exit_reason, EINTR, hw.hardware_exit_reason" },
};

EXPLAIN_TOPICS(explain_topics_exits, "exits, causes and remedies", exits);
