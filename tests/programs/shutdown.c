/*
 * shutdown: protected mode without an IDT; the guest's first exception becomes
 * a triple fault. Afterwards the registers are read, as a debugger would.
 *
 * A tracer must show KVM_EXIT_SHUTDOWN; what the registers hold then differs
 * between processors (AMD resets them), so nothing of it is printed.
 */
#include <asm/processor-flags.h>

#include "vm.h"

static const uint8_t guest[] = {
	0xb0, 'T',  /* mov al, 'T' */
	0xe6, 0x10, /* out 0x10, al */
	0x0f, 0x0b, /* ud2 */
	0xf4,	    /* hlt */
};

static void protect(const struct vcpu *vcpu)
{
	struct kvm_segment flat = {
		.limit = 0xffffffff,
		.selector = 0x10,
		.type = 3,
		.present = 1,
		.db = 1,
		.s = 1,
		.g = 1,
	};
	struct kvm_sregs sregs;

	vm_ioctl(vcpu->fd, KVM_GET_SREGS, &sregs);
	sregs.cr0 |= X86_CR0_PE;
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = flat;
	sregs.cs = flat;
	sregs.cs.selector = 8;
	sregs.cs.type = 11;
	sregs.idt.base = 0;
	sregs.idt.limit = 0;
	vm_ioctl(vcpu->fd, KVM_SET_SREGS, &sregs);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct kvm_regs regs;
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	protect(&vcpu);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'T');
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_SHUTDOWN);
	vm_ioctl(vcpu.fd, KVM_GET_REGS, &regs);
	vm_say("triple fault\n");
	return 0;
}
