/*
 * cpuid_huge: cause 18. nent was never set and holds garbage, or is a number of
 * bytes: KVM_SET_CPUID2 with more than 256 entries (KVM_MAX_CPUID_ENTRIES) is
 * E2BIG.
 *
 * A tracer says: cpuid-too-many-entries. Any KVM.
 */
#include "broken.h"

#define ROOM 257

static const uint8_t guest[] = SAY_AND_HALT('H');

int main(void)
{
	struct kvm_cpuid2 *cpuid;
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	cpuid = calloc(1, sizeof(*cpuid) + ROOM * sizeof(cpuid->entries[0]));
	vm_expect(cpuid);
	cpuid->nent = ROOM - 1;
	vm_ioctl(machine.kvm, KVM_GET_SUPPORTED_CPUID, cpuid);
	if (!sound)
		cpuid->nent = ROOM;
	if (!report("KVM_SET_CPUID2",
		    ioctl(machine.vcpu.fd, KVM_SET_CPUID2, cpuid)))
		return 1;
	return play(&machine.vcpu);
}
