/*
 * shared_kvm_run_private: maps kvm_run MAP_PRIVATE. KVM allows it, and it
 * works until the program writes there: then the page is a copy, KVM no longer
 * sees what the program writes, nor the program what KVM does.
 *
 * A tracer that reads kvm_run through this mapping reads the stale copy, as
 * the program does. Best it says so, and doesn't repeat the first exit.
 */
#include "vm.h"

static const uint8_t guest[] = VM_HELLO('p');

int main(void)
{
	int kvm = vm_open_kvm();
	struct kvm_run *copy;
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu.run_bytes = vm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu.fd = vm_ioctl(vm.fd, KVM_CREATE_VCPU, 0);
	copy = vcpu_map(vcpu.fd, vcpu.run_bytes, MAP_PRIVATE);
	vcpu.run = copy;
	vcpu_start(&vcpu, 0);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'p');
	copy->immediate_exit = 1; /* KVM doesn't see it: the guest runs on */
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_IO);
	vcpu.run = vcpu_map(vcpu.fd, vcpu.run_bytes, MAP_SHARED);
	vm_expect(vcpu.run->exit_reason == KVM_EXIT_HLT &&
		  !vcpu.run->immediate_exit);
	vm_say("a private kvm_run is a stale copy after the first write\n");
	return 0;
}
