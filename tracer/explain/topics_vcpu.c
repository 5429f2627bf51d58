/*
 * KVM's objects, and what happens while a vCPU runs.
 *
 * Sources: api.rst chapters 2, 3, 4.1-4.13, 4.24, 4.34, 4.38 and 5 (kvm_run,
 * immediate_exit); SDM vol. 3C, "VM Entries", "VM Exits"; APM vol. 2 chapter
 * 15; kvm_arch_vcpu_ioctl_run() and kvm_vcpu_ioctl_interrupt() in
 * arch/x86/kvm/x86.c, kvm_vcpu_ioctl() in virt/kvm/kvm_main.c of Linux 6.1;
 * <linux/kvm.h>.
 */
#include "explain/topics.h"

static const struct explain_topic vcpu[] = {
	{ "kvm, kernel-based virtual machine, /dev/kvm, dev kvm",
	  "the part of Linux that runs guests",
	  "A program opens /dev/kvm and gets a descriptor of the whole system; KVM_CREATE_VM on "
	  "it makes one of a VM, KVM_CREATE_VCPU on that one of a vCPU. Each request works on "
	  "its kind of descriptor only; another one answers ENOTTY or EINVAL. Opening says "
	  "ENOENT when no KVM module is loaded, EACCES when the user isn't in group kvm; "
	  "KVM_CREATE_VM says EBUSY when another hypervisor holds the hardware. "
	  "KVM_GET_API_VERSION is always 12; what else there is KVM_CHECK_EXTENSION tells.",
	  "vm, vcpu, ioctl, KVM_CHECK_EXTENSION, kvm-missing" },
	{ "vm, virtual machine", "memory slots, vCPUs and chips that belong together",
	  "KVM_CREATE_VM makes it, empty: no memory, no vCPU, no interrupt chip. It belongs to "
	  "the address space of the process that made it: a child after fork() gets EIO. It "
	  "lasts until the last descriptor of it and of its vCPUs is closed. In an order that "
	  "always works: irqchip if wanted, memory slots, vCPUs, their CPUID, special registers, "
	  "registers, KVM_RUN.",
	  "KVM_CREATE_VM, memory-slot, vcpu, irqchip" },
	{ "guest, guest code, guest program, guest view, guest state",
	  "what runs inside the VM, and what a trace shows of it",
	  "Code and data in the VM's memory that a vCPU executes: a kernel, firmware, or a few "
	  "bytes that the program copied there. It has registers, page tables and an idt of its "
	  "own; the program that made the VM is its host. It runs within KVM_RUN only.\n"
	  "In a trace the key `guest` stands on calls that set registers and on the first "
	  "KVM_RUN after a change: `mode` and, in `why`, the bits that decide it, `entry` (the "
	  "next instruction: rip, gva, gpa, hva, its bytes and its text), `memory` (the slots), "
	  "`page_tables` (the walk to it), `mapped` (what all its tables map). What the guest "
	  "changes by itself between two exits isn't seen.",
	  "vm, vcpu, addresses, page-walk, memory-slot, real-mode, protected-mode, long-mode" },
	{ "vcpu, virtual cpu, virtual processor", "one processor of the guest",
	  "KVM_CREATE_VCPU makes one, with an id of its own, in the state of a processor after "
	  "reset. Its descriptor takes the vCPU's ioctls and is mapped for struct kvm_run. It "
	  "runs inside KVM_RUN only, on the thread that calls it: a VM with two vCPUs needs two "
	  "threads. Its ioctls should come from the thread that made it; another one's wait "
	  "until KVM_RUN returns. To get it out of KVM_RUN, send its thread a signal.",
	  "KVM_CREATE_VCPU, kvm_run, run-loop, reset-state, immediate_exit" },
	{ "kvm_run", "memory that KVM and the program share for each vCPU",
	  "mmap() the vCPU's descriptor, shared, with as many bytes as KVM_GET_VCPU_MMAP_SIZE "
	  "says: more than sizeof(struct kvm_run), since the data of port I/O (at "
	  "io.data_offset) and the coalesced ring lie behind the structure. Before KVM_RUN the "
	  "program writes its part (immediate_exit, the answer to a read); afterwards "
	  "exit_reason says why it returned, and which member of the union tells the rest. When "
	  "KVM_RUN failed, look at errno first.",
	  "exit_reason, KVM_GET_VCPU_MMAP_SIZE, run-loop, pio, immediate_exit" },
	{ "exit_reason, exit reason, kvm_run.exit_reason, exits", "why KVM_RUN returned",
	  "A number in kvm_run, KVM_EXIT_IO and so on, that chooses the member of the union "
	  "behind it. It holds when KVM_RUN returned 0; after EINTR it is KVM_EXIT_INTR or says "
	  "nothing. Handle the reasons that you expect and print the number of any other: a "
	  "guest whose exits are ignored mostly spins for ever.",
	  "KVM_EXIT_*, KVM_EXIT_IO, KVM_EXIT_MMIO, KVM_EXIT_HLT, KVM_EXIT_SHUTDOWN, "
	  "KVM_EXIT_FAIL_ENTRY, KVM_EXIT_INTERNAL_ERROR" },
	{ "run-loop, KVM_RUN loop", "what a program does around KVM_RUN",
	  "for (;;) { call KVM_RUN; if it failed with EINTR, handle the signal and go on; if it "
	  "failed otherwise, say so and stop; then switch on exit_reason }. IO and MMIO: act "
	  "like the device, and go on; HLT: the guest is done or waits for an interrupt; "
	  "SHUTDOWN, FAIL_ENTRY, INTERNAL_ERROR and all that you don't know: print the registers "
	  "and stop. KVM_RUN takes no argument (EINVAL): pass 0. rip needs no help: KVM moves it "
	  "past the instruction when it completes it, at the next KVM_RUN.",
	  "KVM_RUN, kvm_run, exit_reason, EINTR, vm-exit" },
	{ "vm-exit, vmexit, world switch", "the processor leaves the guest",
	  "Certain instructions and events stop the guest: the processor saves its state, loads "
	  "the host's and goes on in KVM with the reason. KVM deals with most of them and enters "
	  "the guest again: page faults of nested paging, timers, CPUID, its own chips. Only "
	  "what it leaves to the program ends KVM_RUN, with an exit_reason of KVM's. kvmtrace "
	  "sees those; the others are counted by `perf kvm stat` and in the files of "
	  "KVM_GET_STATS_FD. An exit to KVM costs about a microsecond, one to the program some "
	  "more.",
	  "vm-entry, exit_reason, nested-paging, KVM_GET_STATS_FD" },
	{ "vm-entry, vmentry, vmlaunch, vmresume, vmrun", "the processor enters the guest",
	  "KVM puts the vCPU's state where the processor wants it and executes VMLAUNCH or "
	  "VMRESUME (Intel) or VMRUN (AMD). The processor checks the state first: segments, "
	  "control registers, EFER, rip, pending events. If a rule is broken it doesn't enter, "
	  "and KVM_RUN returns with KVM_EXIT_FAIL_ENTRY. KVM_SET_SREGS finds only some of these "
	  "mistakes. Intel's rules are stricter than AMD's, so that a program may work on one of "
	  "them only.",
	  "KVM_EXIT_FAIL_ENTRY, segment, vm-exit, KVM_SET_SREGS" },
	{ "irqchip, interrupt controller, apic, lapic, ioapic, pic",
	  "interrupt chips in the kernel",
	  "KVM_CREATE_IRQCHIP, before the first vCPU (EINVAL later), makes two PICs, an "
	  "IOAPIC, and a local APIC for each vCPU. Interrupt lines are then driven by "
	  "KVM_IRQ_LINE, KVM_SIGNAL_MSI or KVM_IRQFD; KVM_CREATE_PIT2 adds the timer. Without "
	  "it KVM_IRQ_LINE is ENXIO and the program injects vectors with KVM_INTERRUPT.\n"
	  "With it HLT waits in the kernel for an interrupt: there is no KVM_EXIT_HLT, and a "
	  "guest that halts for good stays in KVM_RUN for ever. A guest that only computes and "
	  "prints is better off without. KVM_CAP_SPLIT_IRQCHIP keeps the local APIC only.",
	  "KVM_CREATE_IRQCHIP, KVM_IRQ_LINE, KVM_INTERRUPT, interrupt-injection, KVM_EXIT_HLT" },
	{ "interrupt-injection, interrupt, interrupts, interrupt window",
	  "giving the guest an interrupt without a chip in the kernel",
	  "KVM_INTERRUPT queues one vector for the next entry. The guest takes it only with "
	  "RFLAGS.IF = 1 and not right behind STI or MOV SS. So: before KVM_RUN, if "
	  "kvm_run.ready_for_interrupt_injection is 1, call KVM_INTERRUPT; otherwise set "
	  "request_interrupt_window to 1, and KVM_RUN returns with KVM_EXIT_IRQ_WINDOW_OPEN when "
	  "the guest can take it. With PICs in the kernel KVM_INTERRUPT is ENXIO. The guest "
	  "needs an IDT with a handler for the vector.",
	  "KVM_INTERRUPT, KVM_EXIT_IRQ_WINDOW_OPEN, kvm_run.request_interrupt_window, idt, "
	  "irqchip" },
	{ "immediate_exit, kvm_run.immediate_exit, stopping a vcpu",
	  "how to stop KVM_RUN without a race",
	  "A byte of kvm_run. While it isn't 0 KVM_RUN finishes a pending read or write of a "
	  "device and returns EINTR instead of entering the guest. A signal alone may come just "
	  "before KVM_RUN, which then blocks: so the signal's handler also sets immediate_exit. "
	  "Clear it before the next KVM_RUN, or that returns EINTR too, for ever. "
	  "KVM_CAP_IMMEDIATE_EXIT tells whether it is there. The older way is "
	  "KVM_SET_SIGNAL_MASK.",
	  "EINTR, KVM_CAP_IMMEDIATE_EXIT, KVM_SET_SIGNAL_MASK, kvm_run" },
	{ "EINTR", "not an error of the program's",
	  "KVM_RUN returned early because a signal came for the thread (a timer, a child's end, "
	  "Ctrl-Z, a profiler) or immediate_exit was set. The guest is as it was: call KVM_RUN "
	  "again. Test the result and errno before exit_reason: after a signal that is "
	  "KVM_EXIT_INTR, after immediate_exit it says nothing. Programs that treat EINTR as "
	  "fatal run well for a while and abort at random. `kvmtrace --inject "
	  "KVM_RUN:errno=EINTR:when=3`, where available, tries it.",
	  "immediate_exit, KVM_EXIT_INTR, run-loop, eintr-taken-as-fatal" },
	{ "emulator, instruction emulator, emulation",
	  "where KVM executes the guest's instructions itself",
	  "The processor runs nearly all of them. KVM decodes and executes in software those "
	  "that touch mmio, string port I/O, real mode on Intel processors without unrestricted "
	  "guest, and some odd cases. It knows the general instructions, but not most of SSE and "
	  "AVX, XSAVE or x87: on such an address they end as KVM_EXIT_INTERNAL_ERROR, suberror "
	  "1. Devices should be touched with plain MOV of 1, 2, 4 or 8 bytes (volatile; no "
	  "memcpy).",
	  "KVM_EXIT_INTERNAL_ERROR, mmio, pio, unrestricted-guest" },
	{ "pvm, pagetable-based virtual machine",
	  "a flavour of KVM without virtualization hardware",
	  "A set of patches to Linux that runs guests at the processor's user level, mostly on "
	  "machines that are virtual themselves. The interface is KVM's, but there is no legacy "
	  "32-bit or PAE paging (such a guest ends with KVM_EXIT_SHUTDOWN), and some errors "
	  "differ: memory that a slot has lost is an internal error, not EFAULT. kvmtrace's "
	  "first line names it: host.kvm is kvm_pvm.",
	  "paged32, pae, legacy-paging-on-pvm" },
	{ "capability, capabilities, extension", "what this KVM can do",
	  "KVM_CHECK_EXTENSION asks for one of KVM_CAP_*: 0 is no, 1 yes, and for some more, as "
	  "KVM_CAP_NR_VCPUS, a number or flags. Ask on the VM's descriptor: the answer may "
	  "depend on the kind of VM. Some are off until KVM_ENABLE_CAP turns them on, since they "
	  "change what other calls do or bring new exits.",
	  "KVM_CHECK_EXTENSION, KVM_ENABLE_CAP, KVM_CAP_*" },
};

EXPLAIN_TOPICS(explain_topics_vcpu, "KVM and its objects", vcpu);
