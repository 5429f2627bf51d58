/*
 * cr4_reserved: cause 4. CR4 gets a bit that no processor defines, here bit 15,
 * because 1 << 5 (PAE) was mistyped: KVM_SET_SREGS gives EINVAL
 * (kvm_is_valid_cr4, x86.c).
 *
 * A tracer says: cr4-reserved-bits. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('G');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!sound)
		sregs.cr4 |= 1 << 15;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
