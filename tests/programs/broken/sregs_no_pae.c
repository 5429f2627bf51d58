/*
 * sregs_no_pae: cause 1. Long mode without CR4.PAE: its tables have entries of
 * eight bytes, so the processor has no long mode without PAE, and
 * KVM_SET_SREGS gives EINVAL (kvm_is_valid_sregs, x86.c).
 *
 * A tracer says: sregs-pae-missing. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('B');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!sound)
		sregs.cr4 &= ~X86_CR4_PAE;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
