/*
 * triple_fault_after_call: cause 8. The program answers the guest's call by
 * registers and sets them, which is all that it knows of the guest from then
 * on: the special registers were not asked for. Then the guest comes to ud2.
 *
 * A tracer says: triple-fault-no-idt, and not where. Any KVM.
 */
#include "broken.h"

#define CALL_PORT 0x50

static const uint8_t bad_guest[] = {
	0xe6, CALL_PORT, /* out 0x50, al */
	0x0f, 0x0b,      /* ud2 */
};
static const uint8_t good_guest[] = {
	0xe6, CALL_PORT,    /* out 0x50, al: gives al */
	0xe6, CONSOLE_PORT, /* out 0xe9, al */
	0xf4,               /* hlt */
};

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	struct kvm_regs regs;

	machine_create_twin(&machine, &sregs, bad_guest, good_guest);
	if (!try_sregs(&machine, &sregs))
		return 1;
	vcpu_expect_out(&machine.vcpu, CALL_PORT);
	vm_ioctl(machine.vcpu.fd, KVM_GET_REGS, &regs);
	regs.rax = 'C';
	vm_ioctl(machine.vcpu.fd, KVM_SET_REGS, &regs);
	return play(&machine.vcpu);
}
