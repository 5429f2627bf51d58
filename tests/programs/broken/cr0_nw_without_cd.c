/*
 * cr0_nw_without_cd: cause 4. CR0 is set as a whole and the cache bits are
 * mistyped: NW without CD is invalid (SDM vol. 3, "Cache Control Registers and
 * Bits"), and KVM_SET_SREGS gives EINVAL (kvm_is_valid_cr0, x86.c).
 *
 * A tracer says: cr0-nw-without-cd. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('E');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	sregs.cr0 &= ~(__u64)(X86_CR0_NW | X86_CR0_CD);
	if (!sound)
		sregs.cr0 |= X86_CR0_NW;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
