/*
 * triple_fault_ud2: cause 8. The compiler ends a path that it takes for
 * unreachable with ud2. The guest has no IDT, so the exception can't be
 * delivered, nor the one about that: a triple fault, KVM_EXIT_SHUTDOWN, a while
 * after the guest seemed to work.
 *
 * A tracer says: triple-fault-no-idt, with the bytes at rip where the last
 * registers are known. Any KVM.
 */
#include "broken.h"

static const uint8_t bad_guest[] = {
	0xb0, 'O', 0xe6, 0xe9, /* mov al, 'O'; out 0xe9, al */
	0x0f, 0x0b,            /* ud2 */
};
static const uint8_t good_guest[] = SAY_AND_HALT('O');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	struct kvm_regs regs;
	int status;

	machine_create_twin(&machine, &sregs, bad_guest, good_guest);
	if (!try_sregs(&machine, &sregs))
		return 1;
	status = play(&machine.vcpu);
	vm_ioctl(machine.vcpu.fd, KVM_GET_REGS, &regs);
	return status;
}
