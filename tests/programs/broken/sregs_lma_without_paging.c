/*
 * sregs_lma_without_paging: cause 1, the other way round. EFER.LMA says that
 * long mode is active, but CR0.PG is forgotten: LMA is the same as LME and PG,
 * so KVM_SET_SREGS gives EINVAL (kvm_is_valid_sregs, x86.c).
 *
 * A tracer says: sregs-lma-without-paging. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('C');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!sound)
		sregs.cr0 &= ~(__u64)X86_CR0_PG;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
