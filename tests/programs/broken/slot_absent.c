/*
 * slot_absent: cause 15. memory_size was forgotten. 0 is no size but deletes
 * the slot, and where there is none that is EINVAL (kvm_set_memory_region,
 * kvm_main.c).
 *
 * A tracer says: slot-absent. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('Z');

int main(void)
{
	struct kvm_userspace_memory_region slot = { .slot = 1,
						    .guest_phys_addr = 0x40000 };
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	slot.userspace_addr = (uintptr_t)machine.vm.memory;
	if (sound)
		slot.memory_size = VM_BYTES;
	if (!report("KVM_SET_USER_MEMORY_REGION",
		    ioctl(machine.vm.fd, KVM_SET_USER_MEMORY_REGION, &slot)))
		return 1;
	return play(&machine.vcpu);
}
