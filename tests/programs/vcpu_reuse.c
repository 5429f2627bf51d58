/*
 * vcpu_reuse: numbers and ids come back. A vCPU is closed while kvm_run stays
 * mapped; its number goes to /dev/null, where a KVM request is refused; the
 * next VM's vCPU gets the number, then the mapping of the first goes.
 *
 * A tracer must call the requests on /dev/null not_kvm, and read the second
 * vCPU's kvm_run, not the page that the first left behind.
 */
#include "vm.h"

static const uint8_t guest_a[] = VM_HELLO('A');
static const uint8_t guest_b[] = VM_HELLO('B');

/* A vCPU id lives as long as its VM: the same id again is EEXIST. */
static void close_vcpu(const struct vm *vm, const struct vcpu *vcpu)
{
	vm_expect(close(vcpu->fd) == 0);
	vm_refused(vcpu->fd, KVM_RUN, 0, EBADF);
	vm_refused(vm->fd, KVM_CREATE_VCPU, 0, EEXIST);
}

static void put_null_there(int number)
{
	struct kvm_regs regs;

	vm_expect(open("/dev/null", O_RDWR) == number);
	vm_refused(number, KVM_RUN, 0, ENOTTY);
	vm_refused(number, KVM_GET_REGS, &regs, ENOTTY);
	vm_refused(number, KVM_CREATE_VM, 0, ENOTTY);
	vm_expect(close(number) == 0);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu first, second;
	struct vm a, b;

	vm_create(&a, kvm, guest_a, sizeof(guest_a));
	vm_create(&b, kvm, guest_b, sizeof(guest_b));
	vcpu_create(&first, kvm, &a, 0);
	vm_expect(vcpu_expect_out(&first, 0x10) == 'A');
	close_vcpu(&a, &first);
	put_null_there(first.fd);
	vcpu_create(&second, kvm, &b, 0);
	vm_expect(second.fd == first.fd && second.run != first.run);
	vm_expect(munmap(first.run, first.run_bytes) == 0);
	vcpu_expect_hello(&second, 'B');
	vm_say("the number was reused, the right vCPU ran\n");
	return 0;
}
