/*
 * slot_flags_garbage: more. kvm_userspace_memory_region is filled member by
 * member and flags is forgotten: what was in that memory before is taken for
 * flags, and EINVAL comes or not as the garbage is. Here it is the 0xcc that
 * some allocators fill with.
 *
 * A tracer says: slot-flags-unknown. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('F');

int main(void)
{
	struct kvm_userspace_memory_region more;
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	memset(&more, sound ? 0 : 0xcc, sizeof(more));
	more.slot = 1;
	more.guest_phys_addr = VM_BYTES;
	more.memory_size = 0x1000;
	more.userspace_addr = (uintptr_t)machine.vm.memory;
	if (!report("KVM_SET_USER_MEMORY_REGION",
		    ioctl(machine.vm.fd, KVM_SET_USER_MEMORY_REGION, &more)))
		return 1;
	return play(&machine.vcpu);
}
