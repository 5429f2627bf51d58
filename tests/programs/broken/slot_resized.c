/*
 * slot_resized: cause 15. The guest wants more memory, and the program gives
 * the same slot a larger size: EINVAL, since a slot can be moved, get other
 * flags or be deleted, but not resized (api.rst, 4.35). The sound twin deletes
 * it first, with size 0.
 *
 * A tracer says: slot-resized. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('C');

static int set_slot(const struct vm *vm, uint64_t bytes)
{
	struct kvm_userspace_memory_region slot = {
		.memory_size = bytes,
		.userspace_addr = (uintptr_t)vm->memory,
	};

	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot);
}

int main(void)
{
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	if (sound)
		vm_expect(set_slot(&machine.vm, 0) == 0);
	if (!report("KVM_SET_USER_MEMORY_REGION",
		    set_slot(&machine.vm, VM_BYTES / 2)))
		return 1;
	return play(&machine.vcpu);
}
