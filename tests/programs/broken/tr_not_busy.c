/*
 * tr_not_busy: cause 6. TR has the type of an available TSS (9): VMX wants a
 * busy one (11, or 3 outside long mode; SDM vol. 3, "Checks on Guest Segment
 * Registers"), because loading TR makes it busy. KVM_EXIT_FAIL_ENTRY,
 * 0x80000021. AMD and PVM run it.
 *
 * A tracer says: fail-entry-guest-state. Intel; golden-causes has that run.
 */
#include "broken.h"

#define TSS_AVAILABLE 9
#define TSS_BUSY      11

static const uint8_t guest[] = SAY_AND_HALT('B');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	sregs.tr.type = sound ? TSS_BUSY : TSS_AVAILABLE;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
