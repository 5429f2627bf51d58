/*
 * cr0_sign_extended: cause 3. 1 << 31 is an int, and negative: in the 64-bit
 * cr0 all bits above CR0.PG are set as well. Bits 63:32 of CR0 are reserved
 * (SDM vol. 3, "Control Registers"), so KVM_SET_SREGS gives EINVAL.
 *
 * A tracer says: cr0-high-bits. Any KVM.
 */
#include "broken.h"

/* An enum's constant is an int, as (1 << 31) is. */
enum { CR0_PG = (int)(1U << 31) };

static const uint8_t guest[] = SAY_AND_HALT('F');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	sregs.cr0 &= ~(__u64)X86_CR0_PG;
	if (sound)
		sregs.cr0 |= (unsigned int)CR0_PG;
	else
		sregs.cr0 |= CR0_PG;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
