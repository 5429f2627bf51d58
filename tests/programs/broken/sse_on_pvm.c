/*
 * sse_on_pvm: cause 10, where KVM emulates more. The PVM flavour of KVM
 * emulates much of the guest's kernel mode, so that an instruction that the
 * emulator lacks, here XORPS, fails without touching a device. The same program
 * works on hardware KVM; the sound guest makes do with what is emulated.
 *
 * A tracer says: emulation-failed, with the instruction. PVM only.
 */
#include "broken.h"

static const uint8_t bad_guest[] = {
	0xb0, 'U', 0xe6, 0xe9, /* mov al, 'U'; out 0xe9, al */
	0x0f, 0x57, 0xc0,      /* xorps xmm0, xmm0 */
	0xf4,                  /* hlt */
};
static const uint8_t good_guest[] = {
	0xb0, 'U', 0xe6, 0xe9, /* mov al, 'U'; out 0xe9, al */
	0x0f, 0x28, 0xc8,      /* movaps xmm1, xmm0 */
	0xf4,                  /* hlt */
};

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_twin(&machine, &sregs, bad_guest, good_guest);
	sregs.cr4 |= X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
