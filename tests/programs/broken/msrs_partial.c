/*
 * msrs_partial: more. KVM_SET_MSRS stops at the first MSR that it refuses and
 * returns how many it set, which a test for < 0 doesn't see: the rest, here
 * STAR, keeps its old value.
 *
 * A tracer says: partial. Any KVM.
 */
#include "broken.h"

#define MSR_STAR    0xc0000081
#define MSR_NOWHERE 0x12345678

/* struct kvm_msrs with its array's size. */
struct msr_list {
	__u32 nmsrs;
	__u32 padding;
	struct kvm_msr_entry entries[2];
};

static const uint8_t guest[] = SAY_AND_HALT('R');

int main(void)
{
	struct msr_list list = {
		.nmsrs = sound ? 1 : 2,
		.entries = { { .index = sound ? MSR_STAR : MSR_NOWHERE },
			     { .index = MSR_STAR } },
	};
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	if (!report("KVM_SET_MSRS",
		    ioctl(machine.vcpu.fd, KVM_SET_MSRS, &list)))
		return 1;
	return play(&machine.vcpu);
}
