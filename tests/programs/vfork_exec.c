/*
 * vfork_exec: in the middle of a guest's run the program vforks and execs
 * /bin/true, then goes on.
 *
 * A tracer must let the parent sleep until the exec, tell the child's end from
 * the program's, and still know the descriptors: the child shared the parent's
 * memory for a while, never its table.
 */
#include <sys/wait.h>

#include "vm.h"

static const uint8_t guest[] = VM_HELLO('V');

static void run_true(void)
{
	pid_t pid = vfork();
	int status;

	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	vm_expect(pid > 0);
	vm_expect(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'V');
	run_true();
	vcpu_expect_halt(&vcpu);
	vm_say("the guest ran on after vfork and exec\n");
	return 0;
}
