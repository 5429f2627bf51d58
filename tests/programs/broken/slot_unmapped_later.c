/*
 * slot_unmapped_later: cause 17. The guest runs and says a letter; then the
 * slot's memory is unmapped, and the next KVM_RUN finds nothing: EFAULT, on PVM
 * KVM_EXIT_INTERNAL_ERROR.
 *
 * A tracer says: slot-memory-gone. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = {
	0xb0, 'L', 0xe6, 0x10, /* mov al, 'L'; out 0x10, al */
	0xb0, 'M', 0xe6, 0x10, /* mov al, 'M'; out 0x10, al */
	0xf4,		       /* hlt */
};

int main(void)
{
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	vm_expect(vcpu_expect_out(&machine.vcpu, 0x10) == 'L');
	if (!sound)
		vm_expect(munmap(machine.vm.memory, VM_BYTES) == 0);
	return play(&machine.vcpu);
}
