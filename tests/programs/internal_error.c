/*
 * internal_error: the guest jumps to memory without a slot, where KVM finds no
 * instruction to emulate.
 *
 * A tracer must show KVM_EXIT_INTERNAL_ERROR with its suberror and as many
 * data words as ndata says, 16 at most.
 */
#include "vm.h"

static const uint8_t guest[] = {
	0xb0, 'I',		      /* mov al, 'I' */
	0xe6, 0x10,		      /* out 0x10, al */
	0xea, 0x00, 0x00, 0x00, 0x20, /* jmp 0x2000:0 */
};

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'I');
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_INTERNAL_ERROR);
	vm_say("suberror %u\n", vcpu.run->internal.suberror);
	return 0;
}
