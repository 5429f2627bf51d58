/*
 * vcpu_twice: cause 19. The second vCPU gets the id of the first: EEXIST. The
 * argument of KVM_CREATE_VCPU is the id, not a number of vCPUs.
 *
 * A tracer says: vcpu-id-used. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('M');

int main(void)
{
	struct machine machine;
	int second;

	machine_create(&machine, guest, sizeof(guest));
	second = ioctl(machine.vm.fd, KVM_CREATE_VCPU, sound ? 1 : 0);
	if (second < 0) {
		report("KVM_CREATE_VCPU", second);
		return 1;
	}
	return play(&machine.vcpu);
}
