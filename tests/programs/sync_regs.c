/*
 * sync_regs: KVM_CAP_SYNC_REGS. The program asks for the general registers on
 * each exit (kvm_valid_regs), changes one of them in kvm_run, and says so
 * (kvm_dirty_regs) instead of calling KVM_SET_REGS.
 *
 * A tracer must show the registers that go each way, and no others.
 */
#include "vm.h"

static const uint8_t guest[] = {
	0xb0, 0x41, /* mov al, 'A' */
	0xe6, 0x10, /* out 0x10, al */
	0xe6, 0x10, /* out 0x10, al */
	0xf4,	    /* hlt */
};

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;
	int offered = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_SYNC_REGS);

	if (offered <= 0 || !(offered & KVM_SYNC_X86_REGS))
		vm_quit(VM_SKIP, "KVM has no KVM_CAP_SYNC_REGS");
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu.run->kvm_valid_regs = KVM_SYNC_X86_REGS;
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'A');
	vm_expect((vcpu.run->s.regs.regs.rax & 0xff) == 'A');
	vcpu.run->s.regs.regs.rax = 'Z';
	vcpu.run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'Z');
	vcpu_expect_halt(&vcpu);
	vm_say("the guest wrote A, then Z by kvm_run\n");
	return 0;
}
