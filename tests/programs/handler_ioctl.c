/*
 * handler_ioctl: a signal breaks into KVM_RUN, and its handler makes KVM calls
 * of its own: on the system, and on the vCPU that was just left.
 *
 * A tracer must show KVM_RUN's EINTR first and the handler's calls behind it,
 * each with its own arguments.
 */
#include <signal.h>
#include <sys/time.h>

#include "vm.h"

static const uint8_t guest[] = {
	0xeb, 0xfe, /* jmp $ */
};

/* The handler's descriptors and what it found. */
static volatile struct {
	int kvm;
	int vcpu;
	int version;
	unsigned long rip;
} shared;

static void on_alarm(int number)
{
	struct kvm_regs regs = { .rip = 0 };

	(void)number;
	shared.version = ioctl(shared.kvm, KVM_GET_API_VERSION, 0);
	ioctl(shared.vcpu, KVM_GET_REGS, &regs);
	shared.rip = regs.rip;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval timer = { { 0, 20000 }, { 0, 20000 } };
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_limit_cpu();
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	shared.kvm = kvm;
	shared.vcpu = vcpu.fd;
	vm_expect(sigaction(SIGALRM, &action, NULL) == 0);
	vm_expect(setitimer(ITIMER_REAL, &timer, NULL) == 0);
	vm_refused(vcpu.fd, KVM_RUN, 0, EINTR);
	vm_expect(shared.version == KVM_API_VERSION);
	vm_expect(shared.rip == VM_ENTRY);
	vm_say("the handler asked KVM\n");
	return 0;
}
