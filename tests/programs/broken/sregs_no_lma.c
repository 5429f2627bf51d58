/*
 * sregs_no_lma: cause 1. The way to long mode is copied from a kernel, where
 * the processor itself sets EFER.LMA when paging begins. KVM_SET_SREGS takes
 * the state as it is and wants LMA said: EINVAL (kvm_is_valid_sregs, x86.c).
 *
 * A tracer says: sregs-lma-missing. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('A');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!sound)
		sregs.efer &= ~EFER_LMA;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
