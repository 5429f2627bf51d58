/*
 * cpuid_never_set: cause 18. The guest switches on long mode's EFER.LME itself,
 * but KVM_SET_CPUID2 was never called: this processor has no features at all,
 * so the bit is reserved, WRMSR a general protection fault (__kvm_valid_efer,
 * x86.c), and with no IDT that is a triple fault.
 *
 * A tracer says: cpuid-never-set. Any KVM.
 */
#include "broken.h"

#define ROOM 256

static const uint8_t guest[] = {
	0xb9, 0x80, 0, 0, 0xc0, /* mov ecx, 0xc0000080: EFER */
	0x0f, 0x32,             /* rdmsr */
	0x80, 0xcc, 0x01,       /* or ah, 1: LME */
	0x0f, 0x30,             /* wrmsr */
	0xb0, 'T', 0xe6, 0xe9,  /* mov al, 'T'; out 0xe9, al */
	0xf4,                   /* hlt */
};

static void give_cpuid(const struct machine *machine)
{
	struct kvm_cpuid2 *cpuid;

	cpuid = calloc(1, sizeof(*cpuid) + ROOM * sizeof(cpuid->entries[0]));
	vm_expect(cpuid);
	cpuid->nent = ROOM;
	vm_ioctl(machine->kvm, KVM_GET_SUPPORTED_CPUID, cpuid);
	vm_ioctl(machine->vcpu.fd, KVM_SET_CPUID2, cpuid);
	free(cpuid);
}

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	struct kvm_regs regs;
	int status;

	machine_create(&machine, guest, sizeof(guest));
	if (sound)
		give_cpuid(&machine);
	get_sregs(&machine, &sregs);
	set_protected_mode(&sregs);
	if (!try_sregs(&machine, &sregs))
		return 1;
	status = play(&machine.vcpu);
	vm_ioctl(machine.vcpu.fd, KVM_GET_REGS, &regs);
	return status;
}
