/*
 * slots_change: four runs of a vCPU, with a second slot added before the third
 * and deleted before the last. The registers are set once.
 */
#include "vm.h"

static const uint8_t guest[] = {
	0xe6, 0x10, /* out 0x10, al */
	0xeb, 0xfc, /* jmp back */
};

static void change_slot(const struct vm *vm, uint64_t bytes)
{
	struct kvm_userspace_memory_region slot = {
		.slot = 1,
		.guest_phys_addr = 0x100000,
		.memory_size = bytes,
		.userspace_addr = (uintptr_t)vm->memory,
	};

	vm_ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_expect_out(&vcpu, 0x10);
	vcpu_expect_out(&vcpu, 0x10);
	change_slot(&vm, VM_BYTES);
	vcpu_expect_out(&vcpu, 0x10);
	change_slot(&vm, 0);
	vcpu_expect_out(&vcpu, 0x10);
	vm_say("four writes\n");
	return 0;
}
