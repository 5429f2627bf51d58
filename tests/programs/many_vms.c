/*
 * many_vms: twenty times a VM and a vCPU, one exit, and all of it closed.
 *
 * A tracer must give each VM an id of its own although the descriptor numbers
 * and mapping addresses come back each time, and must not leak.
 */
#include "vm.h"

int main(void)
{
	int kvm = vm_open_kvm();
	int first = -1;

	for (int i = 0; i < 20; i++) {
		uint8_t guest[] = VM_HELLO((uint8_t)('a' + i));
		struct vcpu vcpu;
		struct vm vm;

		vm_create(&vm, kvm, guest, sizeof(guest));
		vcpu_create(&vcpu, kvm, &vm, 0);
		if (i == 0)
			first = vm.fd;
		vm_expect(vm.fd == first);
		vm_say("%c", vcpu_expect_out(&vcpu, 0x10));
		vcpu_destroy(&vcpu);
		vm_destroy(&vm);
	}
	vm_say("\n");
	return 0;
}
