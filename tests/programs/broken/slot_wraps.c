/*
 * slot_wraps: cause 15. The slot begins in the last page of all and has 16: it
 * would go on at 0. EINVAL (kvm_set_memory_region, kvm_main.c).
 *
 * A tracer says: slot-range. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('M');

int main(void)
{
	struct kvm_userspace_memory_region slot = { .slot = 1,
						    .memory_size = VM_BYTES };
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	slot.userspace_addr = (uintptr_t)machine.vm.memory;
	slot.guest_phys_addr = sound ? 0x40000 : -0x1000ULL;
	if (!report("KVM_SET_USER_MEMORY_REGION",
		    ioctl(machine.vm.fd, KVM_SET_USER_MEMORY_REGION, &slot)))
		return 1;
	return play(&machine.vcpu);
}
