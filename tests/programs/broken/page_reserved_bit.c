/*
 * page_reserved_bit: cause 7. The flag of a large page (bit 7) is set in the
 * top table as well, where it is reserved (SDM vol. 3, "4-Level Paging"): a
 * page fault with the RSVD bit, and with no IDT a triple fault.
 *
 * A tracer says: page-reserved-bit, with level 4. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('M');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	uint64_t *pml4;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	pml4 = (uint64_t *)(machine.vm.memory + TABLES);
	if (!sound)
		pml4[0] |= PAGE_PS;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
