/*
 * fork_use: a child inherits a VM and a vCPU that aren't its own (KVM ties a
 * VM to the address space that made it: EIO), makes one of its own and runs
 * it; the parent's goes on afterwards.
 *
 * A tracer must follow the child, know what its descriptors are although it
 * never opened them, and keep the two VMs apart: the numbers are the same.
 */
#include <sys/wait.h>

#include "vm.h"

static const uint8_t guest_parent[] = VM_HELLO('P');
static const uint8_t guest_child[] = VM_HELLO('C');

static int child(int kvm, const struct vm *vm, const struct vcpu *vcpu)
{
	struct kvm_regs regs;
	struct vcpu own_vcpu;
	struct vm own;

	vm_refused(vm->fd, KVM_CREATE_VCPU, 1, EIO);
	vm_refused(vcpu->fd, KVM_RUN, 0, EIO);
	vm_refused(vcpu->fd, KVM_GET_REGS, &regs, EIO);
	vm_expect(close(vcpu->fd) == 0 && close(vm->fd) == 0);
	vm_create(&own, kvm, guest_child, sizeof(guest_child));
	vcpu_create(&own_vcpu, kvm, &own, 0);
	vm_expect(own.fd == vm->fd && own_vcpu.fd == vcpu->fd);
	vcpu_expect_hello(&own_vcpu, 'C');
	vm_say("the child ran its own VM\n");
	return 0;
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;
	int status;
	pid_t pid;

	vm_create(&vm, kvm, guest_parent, sizeof(guest_parent));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'P');
	pid = fork();
	vm_expect(pid >= 0);
	if (pid == 0)
		return child(kvm, &vm, &vcpu);
	vm_expect(waitpid(pid, &status, 0) == pid && status == 0);
	vcpu_expect_halt(&vcpu);
	vm_say("the parent ran on\n");
	return 0;
}
