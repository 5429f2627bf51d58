/*
 * closed_std: closes 0, 1 and 2 first, so that /dev/kvm, the VM and the vCPU
 * get these numbers. What it has to say goes to a copy of standard output.
 *
 * A tracer must not take 0, 1 and 2 for a terminal, nor write to the traced
 * program's standard error.
 */
#include "vm.h"

static const uint8_t guest[] = VM_HELLO('0');

int main(void)
{
	int output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
	struct vcpu vcpu;
	struct vm vm;
	int kvm;

	vm_expect(output >= 10);
	/* A missing /dev/kvm can only be told while there is an output. */
	vm_expect(close(vm_open_kvm()) == 0);
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(kvm == 0 && vm.fd == 1 && vcpu.fd == 2);
	vcpu_expect_hello(&vcpu, '0');
	dprintf(output, "the VM is standard output\n");
	return 0;
}
