/*
 * slot_unaligned: cause 15. The slot is as large as the guest's image, not a
 * multiple of the page: EINVAL (kvm_set_memory_region, kvm_main.c; size and
 * both addresses must be aligned).
 *
 * A tracer says: slot-unaligned. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('A');

int main(void)
{
	struct kvm_userspace_memory_region more = {
		.slot = 1,
		.guest_phys_addr = VM_BYTES,
	};
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	more.userspace_addr = (uintptr_t)machine.vm.memory;
	more.memory_size = sound ? 0x1000 : 0x1234;
	if (!report("KVM_SET_USER_MEMORY_REGION",
		    ioctl(machine.vm.fd, KVM_SET_USER_MEMORY_REGION, &more)))
		return 1;
	return play(&machine.vcpu);
}
