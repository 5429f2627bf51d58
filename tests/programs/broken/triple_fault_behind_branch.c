/*
 * triple_fault_behind_branch: cause 8. The guest jumps over an SSE instruction,
 * which it keeps for processors that have it, and then divides by 0. CR4.OSFXSR
 * is clear and has nothing to do with it.
 *
 * A tracer says: triple-fault-no-idt. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = {
	0xb0, 'B', 0xe6, 0xe9, /* mov al, 'B'; out 0xe9, al */
	0x85, 0xdb,            /* test ebx, ebx */
	0x74, 0x04,            /* jz over */
	0x0f, 0x28, 0xc8,      /* movaps xmm1, xmm0 */
	0x90,                  /* nop */
	0x31, 0xd2,            /* over: xor edx, edx */
	0xf7, 0xf1,            /* div ecx */
	0xf4,                  /* hlt */
};

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	struct kvm_regs regs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!try_sregs(&machine, &sregs))
		return 1;
	vm_ioctl(machine.vcpu.fd, KVM_GET_REGS, &regs);
	regs.rbx = 0;
	regs.rcx = sound ? 5 : 0;
	vm_ioctl(machine.vcpu.fd, KVM_SET_REGS, &regs);
	return play(&machine.vcpu);
}
