/*
 * no_page_table: cause 7. CR3 points to guest memory where nobody wrote tables:
 * the first entry is 0, not present, so the first fetch is a page fault, and
 * without an IDT that is a triple fault.
 *
 * A tracer says: page-not-present, with level 4 and the entry's address. Any
 * KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('J');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create(&machine, guest, sizeof(guest));
	if (sound)
		write_tables(machine.vm.memory);
	get_sregs(&machine, &sregs);
	set_long_mode(&sregs);
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
