/*
 * set_each_exit: a guest in long mode whose registers are set anew after each
 * of its three exits; before the last, its page tables change.
 */
#include <asm/processor-flags.h>

#include "vm.h"

#define TABLES 0x2000
#define PAGE_2M 0x83 /* P, RW, PS */

static const uint8_t guest[] = VM_HELLO('s');

static void set_registers(const struct vcpu *vcpu)
{
	struct kvm_regs regs = { .rip = VM_ENTRY, .rflags = 2 };
	struct kvm_sregs sregs;

	vm_ioctl(vcpu->fd, KVM_GET_SREGS, &sregs);
	sregs.cs.base = 0;
	sregs.cs.l = 1;
	sregs.cr0 = X86_CR0_PE | X86_CR0_PG | X86_CR0_ET;
	sregs.cr3 = TABLES;
	sregs.cr4 = X86_CR4_PAE;
	sregs.efer = 0x500;
	vm_ioctl(vcpu->fd, KVM_SET_SREGS, &sregs);
	vm_ioctl(vcpu->fd, KVM_SET_REGS, &regs);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	uint64_t *tables;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	tables = (uint64_t *)(vm.memory + TABLES);
	tables[0] = (TABLES + 0x1000) | 3;
	tables[512] = (TABLES + 0x2000) | 3;
	tables[1024] = PAGE_2M;
	vcpu_create(&vcpu, kvm, &vm, 0);
	for (int i = 0; i < 3; i++) {
		if (i == 2)
			tables[1025] = 0x200000 | PAGE_2M;
		set_registers(&vcpu);
		vm_expect(vcpu_expect_out(&vcpu, 0x10) == 's');
	}
	vm_say("three letters\n");
	return 0;
}
