/*
 * slot_unmapped: cause 17. The slot's memory is unmapped before the guest runs,
 * as when the buffer belongs to a function that cleaned up: a slot holds an
 * address of the program, no memory of its own. KVM_RUN gives EFAULT, on PVM
 * KVM_EXIT_INTERNAL_ERROR.
 *
 * A tracer says: slot-memory-gone. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('E');

int main(void)
{
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	if (!sound)
		vm_expect(munmap(machine.vm.memory, VM_BYTES) == 0);
	return play(&machine.vcpu);
}
