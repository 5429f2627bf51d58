/*
 * run_with_argument: cause 19. The address of kvm_run is handed to KVM_RUN:
 * EINVAL, for it takes no argument; the structure is shared by the mapping.
 *
 * A tracer says: run-argument. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('L');

int main(void)
{
	struct machine machine;
	struct kvm_run *run;

	machine_create(&machine, guest, sizeof(guest));
	run = sound ? NULL : machine.vcpu.run;
	if (!report("KVM_RUN", ioctl(machine.vcpu.fd, KVM_RUN, run)))
		return 1;
	show_console(&machine.vcpu);
	return play(&machine.vcpu);
}
