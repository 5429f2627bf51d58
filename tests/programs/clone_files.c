/*
 * clone_files: a child made by clone(CLONE_FILES) shares the descriptor table
 * but not the memory. It puts /dev/null over the parent's VM descriptor, and
 * opens /dev/kvm and makes a VM under numbers that the parent then uses.
 *
 * A tracer must keep one table for the two: what one does to a descriptor, the
 * other sees; which VM may be used still goes by memory (EIO).
 */
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "vm.h"

static const uint8_t guest[] = VM_HELLO('F');

struct numbers {
	int kvm;
	int vm;
};

static void replace_and_open(int vm, struct numbers *shared)
{
	int null = open("/dev/null", O_RDWR);

	vm_expect(null >= 0 && dup2(null, vm) == vm);
	shared->kvm = vm_open_kvm();
	shared->vm = vm_ioctl(shared->kvm, KVM_CREATE_VM, 0);
	_exit(0);
}

static struct numbers clone_child(int vm)
{
	struct numbers *shared =
		mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	long pid;

	vm_expect(shared != MAP_FAILED);
	/* Without a stack it is fork with a shared table. */
	pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	vm_expect(pid >= 0);
	if (pid == 0)
		replace_and_open(vm, shared);
	vm_expect(waitpid(pid, &status, 0) == pid && status == 0);
	return *shared;
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct numbers childs;
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'F');
	childs = clone_child(vm.fd);
	vm_refused(vm.fd, KVM_CREATE_VCPU, 1, ENOTTY);
	vm_refused(childs.vm, KVM_CREATE_VCPU, 1, EIO);
	vm_expect(vm_ioctl(childs.kvm, KVM_GET_API_VERSION, 0) ==
		  KVM_API_VERSION);
	vcpu_expect_halt(&vcpu);
	vm_say("the vCPU outlived its VM's descriptor\n");
	return 0;
}
