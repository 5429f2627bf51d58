/*
 * slot_overlap: cause 16. A second slot begins inside the first: EEXIST. The
 * sound one begins behind it.
 *
 * A tracer says: slot-overlap, with both slots. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('D');

int main(void)
{
	struct kvm_userspace_memory_region more = {
		.slot = 1,
		.guest_phys_addr = sound ? VM_BYTES : VM_BYTES - 0x1000,
		.memory_size = 0x2000,
	};
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	more.userspace_addr = (uintptr_t)machine.vm.memory;
	if (!report("KVM_SET_USER_MEMORY_REGION",
		    ioctl(machine.vm.fd, KVM_SET_USER_MEMORY_REGION, &more)))
		return 1;
	return play(&machine.vcpu);
}
