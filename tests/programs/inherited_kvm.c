/*
 * inherited_kvm: finds /dev/kvm open as descriptor 3, as a service manager
 * passes it, and runs a guest; opens it itself when it isn't there.
 *
 * Its users may lack the right to open /dev/kvm, and a tracer of theirs the
 * right to look into the program: then the calls are all that it sees.
 */
#include "vm.h"

#define PASSED_FD 3

static const uint8_t guest[] = VM_HELLO('I');

int main(void)
{
	int kvm = fcntl(PASSED_FD, F_GETFD) < 0 ? vm_open_kvm() : PASSED_FD;
	struct vcpu vcpu;
	struct vm vm;

	vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION);
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'I');
	vm_say("the guest says I\n");
	return 0;
}
