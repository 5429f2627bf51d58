/*
 * page_table_outside: cause 7. An entry holds the host's address of the next
 * table: guest memory is built with the program's own pointers. The table is
 * looked for where no slot has memory. To be the same in each run, the address
 * is a fixed one here.
 *
 * A tracer says: page-table-outside-memory, with level 3. Any KVM.
 */
#include "broken.h"

#define NO_MEMORY_THERE 0x7f0000000ULL

static const uint8_t guest[] = SAY_AND_HALT('L');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	uint64_t *pml4;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	pml4 = (uint64_t *)(machine.vm.memory + TABLES);
	if (!sound)
		pml4[0] = NO_MEMORY_THERE | PAGE_P | PAGE_RW;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
