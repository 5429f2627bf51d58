/*
 * sregs_synced_no_lma: cause 1, by another way: the special registers go along
 * in kvm_run (KVM_CAP_SYNC_REGS, api.rst 7.5), so it is KVM_RUN that refuses
 * EFER.LME without EFER.LMA.
 *
 * A tracer says: sregs-lma-missing. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('Q');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!sound)
		sregs.efer &= ~EFER_LMA;
	machine.vcpu.run->s.regs.sregs = sregs;
	machine.vcpu.run->kvm_dirty_regs = KVM_SYNC_X86_SREGS;
	return play(&machine.vcpu);
}
