/*
 * segment_l_and_db: cause 6. cs.l and cs.db are both set. VMX refuses to enter
 * such a guest (SDM vol. 3, "Checks on Guest Segment Registers"):
 * KVM_EXIT_FAIL_ENTRY, 0x80000021. SVM does too, with -1 (VMEXIT_INVALID; APM
 * vol. 2, 15.5.1). PVM runs it.
 *
 * A tracer says: fail-entry-guest-state on Intel, fail-entry-vmrun on AMD;
 * golden-causes has both runs.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('A');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	sregs.cs.db = !sound;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
