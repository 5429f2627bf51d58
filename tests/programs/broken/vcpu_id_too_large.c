/*
 * vcpu_id_too_large: cause 19. The id of the vCPU is not a small number, here
 * as if it were an address: EINVAL (kvm_vm_ioctl_create_vcpu, kvm_main.c).
 *
 * A tracer says: vcpu-id-too-large. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('N');

int main(void)
{
	unsigned long id = sound ? 1 : VM_BYTES;
	struct machine machine;
	int other;

	machine_create(&machine, guest, sizeof(guest));
	other = ioctl(machine.vm.fd, KVM_CREATE_VCPU, id);
	if (other < 0) {
		vm_say("KVM_CREATE_VCPU fails: %s\n", strerrorname_np(errno));
		return 1;
	}
	return play(&machine.vcpu);
}
