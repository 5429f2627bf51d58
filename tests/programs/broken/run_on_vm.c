/*
 * run_on_vm: cause 19. KVM_RUN on the descriptor of the VM: ENOTTY. Only a vCPU
 * runs.
 *
 * A tracer says: wrong-descriptor. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('J');

int main(void)
{
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	if (!sound)
		machine.vcpu.fd = machine.vm.fd;
	return play(&machine.vcpu);
}
