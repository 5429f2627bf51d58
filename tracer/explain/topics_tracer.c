/*
 * The call into the kernel, and how kvmtrace sees it.
 *
 * Sources: ioctl(2), ptrace(2), seccomp(2); <asm-generic/ioctl.h>;
 * virt/kvm/kvm_main.c of Linux 6.1; annotate/flow.c; capture/.
 */
#include "explain/topics.h"

static const struct explain_topic tracer[] = {
	{ "ioctl, ioctls, request", "the system call that KVM's interface is made of",
	  "int ioctl(int fd, unsigned long request, ...): a file descriptor, a number that says "
	  "what to do, and one argument, which is a value or a pointer to a structure, as the "
	  "request wants it. The number holds a direction (bits 30-31), the argument's size "
	  "(16-29), a type (8-15, 0xae for KVM) and a number (0-7); KVM compares all 32 bits, so "
	  "that a structure of another size is another request. The result is 0 or more when it "
	  "went well, in some cases a new descriptor or a count; -1 is a failure, and errno says "
	  "which.",
	  "flow, kvm, ENOTTY, EINVAL, KVM_RUN" },
	{ "flow, the six steps, user_application, syscall_handler, ioctl_handler, driver_operation",
	  "the way of a call into the kernel and back",
	  "Each ioctl of a trace has six steps. 1, user application: the program calls "
	  "ioctl(). 2, system call handler: the kernel looks up the descriptor and the file's "
	  "own handler; EBADF if there is none. 3, ioctl handler: KVM's for that kind of "
	  "descriptor, kvm_dev_ioctl, kvm_vm_ioctl, kvm_vcpu_ioctl or kvm_device_ioctl, "
	  "recognises the request; ENOTTY or EINVAL if it doesn't. 4, driver operation: KVM "
	  "does it, on the device: the VM or vCPU. 5, ioctl handler: the result on its way "
	  "back. 6, user application: what ioctl() returns.\n"
	  "A refused call stops short: the text view marks that step with x. In JSON the steps "
	  "are `flow`, and their boxes user_application, syscall_handler, ioctl_handler, "
	  "driver_operation.",
	  "ioctl, descriptor, ENOTTY, EBADF" },
	{ "descriptor, file descriptor, fd", "which object a call is for",
	  "/dev/kvm (\"system\" in a trace), a VM, a vCPU, a device, a guest_memfd or "
	  "statistics: each has requests of its own, and `kvmtrace explain REQUEST` says on "
	  "which one it works. A wrong one is the commonest mistake: KVM_TRANSLATE, for example, "
	  "is a vCPU's. kvmtrace follows dup(), close(), fork() and descriptors that are passed, "
	  "and calls the objects vm0, vm0/vcpu0 and so on, whatever their numbers are.",
	  "kvm, vm, vcpu, ENOTTY, EBADF, wrong-descriptor" },
	{ "ptrace, tracing", "how kvmtrace sees the calls",
	  "The kernel stops the traced thread before and after each call that concerns KVM, and "
	  "lets kvmtrace read its registers and memory meanwhile: the argument's structures, "
	  "kvm_run, guest memory through the slots. A stop costs some 10 to 30 us; the guest "
	  "itself runs at full speed. Where it can, kvmtrace takes calls in the process instead, "
	  "without a stop; with --engine ptrace nothing is put into the program. What happens "
	  "inside KVM_RUN without an exit to the program is not seen. A program can have one "
	  "tracer only: no debugger at the same time.",
	  "inprocess, seccomp, kvm_run, vm-exit" },
	{ "inprocess, in-process engine, agent", "how kvmtrace sees calls without stopping them",
	  "At its first KVM ioctl kvmtrace puts a page of code, the agent, into a program that "
	  "it started, and turns the instruction that makes such calls into a jump there. The "
	  "agent makes the call and writes what it passed and brought back into memory that it "
	  "shares with kvmtrace: 0.1 us instead of two stops. Calls that make descriptors, "
	  "change what the guest will see or fail still stop, and so does every call of a "
	  "program where this can't work: `kvmtrace -v` says how many, and why.",
	  "ptrace, seccomp, ioctl" },
	{ "seccomp, bpf, filter", "how other system calls stay fast",
	  "A program that kvmtrace starts gets a small filter in the kernel, which lets all "
	  "calls pass at once but ioctl() with KVM's type and the few that make, copy or close "
	  "descriptors and mappings: those stop for kvmtrace, unless its agent makes the call. "
	  "The filter can't be put into a process that runs already, so that with -p every "
	  "system call stops, and all cost.",
	  "ptrace, ioctl" },
	{ "note, notes, diagnosis, diagnoses", "what kvmtrace says of a call by itself",
	  "Events of a trace may have `notes`: a code that stays the same from version to "
	  "version, a severity (info, warn, error) and a sentence. Those about mistakes name the "
	  "likely cause and never claim more than the evidence shows; what holds on one vendor's "
	  "processors only says so. `kvmtrace explain CODE`, slot-overlap for example, prints "
	  "the cause, whose KVM it concerns, and what helps.",
	  "slot-overlap, triple-fault-no-idt, fail-entry-guest-state" },
};

EXPLAIN_TOPICS(explain_topics_tracer, "calls, and how kvmtrace sees them", tracer);
