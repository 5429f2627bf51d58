/*
 * cpuid_small: cause 18. The array for KVM_GET_SUPPORTED_CPUID has too little
 * room: E2BIG. A program that goes on runs a guest whose processor has no
 * features. The sound twin has room for as many as any processor has.
 *
 * A tracer says: too-few-entries. Any KVM.
 */
#include "broken.h"

#define ROOM 256

static const uint8_t guest[] = SAY_AND_HALT('G');

int main(void)
{
	struct kvm_cpuid2 *cpuid;
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	cpuid = calloc(1, sizeof(*cpuid) + ROOM * sizeof(cpuid->entries[0]));
	vm_expect(cpuid);
	cpuid->nent = sound ? ROOM : 4;
	if (report("KVM_GET_SUPPORTED_CPUID",
		   ioctl(machine.kvm, KVM_GET_SUPPORTED_CPUID, cpuid)))
		report("KVM_SET_CPUID2",
		       ioctl(machine.vcpu.fd, KVM_SET_CPUID2, cpuid));
	free(cpuid);
	return play(&machine.vcpu) || !sound;
}
