/*
 * triple_fault_beside_guard: cause 8. A slot that the guest never touches has
 * no memory that can be read, as with a guard or a balloon; the guest comes to
 * ud2 without an IDT. The one has nothing to do with the other.
 *
 * A tracer says: triple-fault-no-idt. Any KVM.
 */
#include "broken.h"

#define GUARD 0x40000

static const uint8_t bad_guest[] = {
	0x0f, 0x0b, /* ud2 */
};
static const uint8_t good_guest[] = SAY_AND_HALT('G');

static void add_guard(const struct vm *vm)
{
	struct kvm_userspace_memory_region slot = {
		.slot = 1,
		.guest_phys_addr = GUARD,
		.memory_size = 0x10000,
	};
	void *guard = mmap(NULL, slot.memory_size, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm_expect(guard != MAP_FAILED);
	slot.userspace_addr = (uintptr_t)guard;
	vm_ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot);
}

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_twin(&machine, &sregs, bad_guest, good_guest);
	add_guard(&machine.vm);
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
