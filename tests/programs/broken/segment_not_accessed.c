/*
 * segment_not_accessed: cause 6. The types of the segments, taken from a GDT in
 * a book, are 10 and 2: code and data, not yet accessed. VMX wants "accessed"
 * (SDM vol. 3, "Checks on Guest Segment Registers"), because loading a segment
 * register sets that bit. KVM sets it itself where the processor has
 * "unrestricted guest" (__vmx_set_segment, vmx.c); elsewhere it emulates such
 * code, or it is KVM_EXIT_FAIL_ENTRY, 0x80000021. AMD and PVM run it.
 *
 * A tracer says: fail-entry-guest-state. Old Intel; golden-causes has that run.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('C');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!sound) {
		sregs.cs.type = 10;
		sregs.ds.type = sregs.es.type = sregs.ss.type = 2;
	}
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
