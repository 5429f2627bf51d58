/*
 * cr3_too_high: cause 4. CR3 gets the host's address of the tables in place of
 * the guest physical one. In long mode an address beyond the processor's
 * MAXPHYADDR is EINVAL; a host address of 47 bits is, with 46 or fewer.
 * To be the same everywhere, bit 62 is set here.
 *
 * A tracer says: cr3-beyond-maxphyaddr. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('I');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!sound)
		sregs.cr3 |= 1ULL << 62;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
