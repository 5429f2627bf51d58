/*
 * cpuid_after_run: cause 18. KVM_SET_CPUID2 comes when the guest has run, and
 * CPUID is not what it was: EINVAL (kvm_set_cpuid, cpuid.c).
 *
 * A tracer says: cpuid-after-run. Any KVM since Linux 5.18.
 */
#include "broken.h"

#define ROOM	   256
#define FIRST_PORT 0x10

static const uint8_t guest[] = {
	0xe6, FIRST_PORT,              /* out 0x10, al */
	0xb0, 'D', 0xe6, CONSOLE_PORT, /* mov al, 'D'; out 0xe9, al */
	0xf4,                          /* hlt */
};

static bool give_cpuid(const struct machine *machine)
{
	struct kvm_cpuid2 *cpuid;

	cpuid = calloc(1, sizeof(*cpuid) + ROOM * sizeof(cpuid->entries[0]));
	vm_expect(cpuid);
	cpuid->nent = ROOM;
	vm_ioctl(machine->kvm, KVM_GET_SUPPORTED_CPUID, cpuid);
	return report("KVM_SET_CPUID2",
		      ioctl(machine->vcpu.fd, KVM_SET_CPUID2, cpuid));
}

int main(void)
{
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	if (sound && !give_cpuid(&machine))
		return 1;
	vcpu_expect_out(&machine.vcpu, FIRST_PORT);
	if (!sound && !give_cpuid(&machine))
		return 1;
	return play(&machine.vcpu);
}
