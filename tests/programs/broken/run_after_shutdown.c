/*
 * run_after_shutdown: more. KVM_EXIT_SHUTDOWN is passed over as any unknown
 * exit and the vCPU runs on. What it then does is no longer the guest's
 * program: the same exit again, or on AMD the reset vector.
 *
 * A tracer says: run-after-shutdown. Any KVM.
 */
#include "broken.h"

#define PATIENCE 5

static const uint8_t bad_guest[] = {
	0xb0, 'X', 0xe6, CONSOLE_PORT, /* mov al, 'X'; out 0xe9, al */
	0x0f, 0x0b,                    /* ud2 */
};
static const uint8_t good_guest[] = SAY_AND_HALT('X');

/* Runs what it doesn't know of again. */
static int play_on(const struct vcpu *vcpu)
{
	for (int runs = 0; runs < PATIENCE; runs++) {
		vm_ioctl(vcpu->fd, KVM_RUN, 0);
		if (vcpu->run->exit_reason == KVM_EXIT_HLT)
			return 0;
		if (is_console(vcpu->run))
			show_console(vcpu);
		else
			vm_say("KVM_EXIT_%s? running on\n",
			       exit_name(vcpu->run->exit_reason));
	}
	return 1;
}

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_twin(&machine, &sregs, bad_guest, good_guest);
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play_on(&machine.vcpu);
}
