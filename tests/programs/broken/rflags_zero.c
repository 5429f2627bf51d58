/*
 * rflags_zero: a myth. "KVM_SET_REGS needs bit 1 of rflags": KVM sets that bit
 * itself (__set_regs, x86.c), and 0 works.
 *
 * A tracer says nothing, of this program as of its twin. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('Z');

int main(void)
{
	struct kvm_regs regs = { .rip = VM_ENTRY,
				 .rflags = sound ? X86_EFLAGS_FIXED : 0 };
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	if (!report("KVM_SET_REGS",
		    ioctl(machine.vcpu.fd, KVM_SET_REGS, &regs)))
		return 1;
	vm_ioctl(machine.vcpu.fd, KVM_GET_REGS, &regs);
	vm_say("rflags is 0x%llx\n", regs.rflags);
	return play(&machine.vcpu);
}
