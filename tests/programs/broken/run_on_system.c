/*
 * run_on_system: cause 19. KVM_RUN on the descriptor of /dev/kvm: EINVAL, not
 * ENOTTY as one might expect (kvm_dev_ioctl hands what it doesn't know to
 * kvm_arch_dev_ioctl, x86.c).
 *
 * A tracer says: wrong-descriptor. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('K');

int main(void)
{
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	if (!sound)
		machine.vcpu.fd = machine.kvm;
	return play(&machine.vcpu);
}
