/*
 * cs_l_without_lma: cause 2. A code segment for 64-bit code (cs.l = 1) without
 * the mode for it: protected mode has no such segment, and KVM_SET_SREGS gives
 * EINVAL (kvm_is_valid_sregs, x86.c).
 *
 * A tracer says: sregs-cs-l-without-lma. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('D');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create(&machine, guest, sizeof(guest));
	get_sregs(&machine, &sregs);
	set_protected_mode(&sregs);
	sregs.cs.l = !sound;
	sregs.cs.db = sound;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
