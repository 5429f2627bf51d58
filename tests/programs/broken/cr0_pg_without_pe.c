/*
 * cr0_pg_without_pe: cause 1, another rule of the same check. Paging needs
 * protected mode: CR0.PG without CR0.PE is no state of an x86 processor, and
 * KVM_SET_SREGS gives EINVAL (kvm_is_valid_cr0, x86.c).
 *
 * A tracer says: cr0-pg-without-pe. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('E');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	if (!sound)
		sregs.cr0 &= ~(__u64)X86_CR0_PE;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
