/*
 * vcpu_ioctl_from_other_thread: more. A second thread asks for the registers
 * while the first is in KVM_RUN: it waits for the vCPU's lock until the guest
 * exits (kvm_vcpu_ioctl, kvm_main.c), here for ever. In the sound twin the
 * thread that runs the vCPU asks, between two runs; that it is not the thread
 * that made the vCPU costs a little time only (api.rst, 1).
 *
 * A tracer says: vcpu-busy. Any KVM.
 */
#include <pthread.h>

#include "broken.h"

static const uint8_t guest[] = {
	0xb0, 'W', 0xe6, CONSOLE_PORT, /* mov al, 'W'; out 0xe9, al */
	0xeb, 0xfe,                    /* again: jmp again */
};

static void *show_registers(void *argument)
{
	const struct vcpu *vcpu = argument;
	struct kvm_regs regs;

	vm_ioctl(vcpu->fd, KVM_GET_REGS, &regs);
	vm_say("rip is 0x%llx\n", regs.rip);
	return NULL;
}

static void *run_vcpu(void *argument)
{
	const struct vcpu *vcpu = argument;

	vm_expect(vcpu_run(vcpu) == KVM_EXIT_IO);
	show_console(vcpu);
	if (sound)
		return show_registers(argument);
	vcpu_run(vcpu); /* loops for ever */
	return NULL;
}

static void start(pthread_t *thread, void *(*function)(void *),
		  struct vcpu *vcpu)
{
	vm_expect(!pthread_create(thread, NULL, function, vcpu));
}

/* Wait until a moment from now; false when the thread is not done by then. */
static bool join_within(pthread_t thread, long milliseconds)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += milliseconds * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return !pthread_timedjoin_np(thread, NULL, &until);
}

int main(void)
{
	pthread_t runner, asker;
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	start(&runner, run_vcpu, &machine.vcpu);
	if (join_within(runner, 300)) /* otherwise the guest loops by now */
		return 0;
	start(&asker, show_registers, &machine.vcpu);
	if (join_within(asker, 500))
		return 0;
	vm_say("the registers don't come\n");
	return 1;
}
