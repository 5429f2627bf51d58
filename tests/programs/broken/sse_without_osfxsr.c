/*
 * sse_without_osfxsr: cause 8. A guest in C is compiled with SSE, as all 64-bit
 * code is by default, but CR4.OSFXSR is clear: the first SSE instruction is an
 * invalid opcode (SDM vol. 3, "Control Registers"), and with no IDT a triple
 * fault.
 *
 * A tracer says: sse-without-osfxsr. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = {
	0xb0, 'P', 0xe6, 0xe9, /* mov al, 'P'; out 0xe9, al */
	0x0f, 0x28, 0xc8,      /* movaps xmm1, xmm0 */
	0xf4,                  /* hlt */
};

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	struct kvm_regs regs;
	int status;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (sound)
		sregs.cr4 |= X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT;
	if (!try_sregs(&machine, &sregs))
		return 1;
	status = play(&machine.vcpu);
	vm_ioctl(machine.vcpu.fd, KVM_GET_REGS, &regs);
	return status;
}
