/*
 * slot_malloc: cause 15. Guest memory comes from malloc(), whose addresses are
 * aligned to 16 bytes, not to pages: EINVAL. The sound twin takes it from
 * aligned_alloc().
 *
 * A tracer says: slot-unaligned. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('B');

int main(void)
{
	struct kvm_userspace_memory_region more = {
		.slot = 1,
		.guest_phys_addr = VM_BYTES,
		.memory_size = 0x4000,
	};
	struct machine machine;
	void *memory;

	machine_create(&machine, guest, sizeof(guest));
	memory = sound ? aligned_alloc(0x1000, 0x4000) : malloc(0x4000);
	vm_expect(memory);
	more.userspace_addr = (uintptr_t)memory;
	if (!report("KVM_SET_USER_MEMORY_REGION",
		    ioctl(machine.vm.fd, KVM_SET_USER_MEMORY_REGION, &more)))
		return 1;
	return play(&machine.vcpu);
}
