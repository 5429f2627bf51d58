/*
 * page_not_present: cause 7. All tables are there, but one entry in the middle
 * of the walk lacks bit 0: the guest's pages are not present.
 *
 * A tracer says: page-not-present, with level 2 and the entry's address. Any
 * KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('K');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	uint64_t *directory;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	directory = (uint64_t *)(machine.vm.memory + TABLES + 0x2000);
	if (!sound)
		directory[0] &= ~PAGE_P;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
