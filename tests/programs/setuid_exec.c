/*
 * setuid_exec PROGRAM [ARGS...]: runs a guest, then execs PROGRAM in its own
 * place. The test gives it a set-uid program.
 *
 * A tracer must follow the exec; that the kernel drops the set-uid bit under a
 * tracer (ptrace(2)) is to be said, not to end the trace.
 */
#include "vm.h"

static const uint8_t guest[] = VM_HELLO('U');

int main(int argc, char **argv)
{
	struct vcpu vcpu;
	struct vm vm;
	int kvm;

	if (argc < 2)
		vm_quit(2, "usage: setuid_exec PROGRAM [ARGS...]");
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'U');
	vm_say("the guest halted\n");
	execv(argv[1], argv + 1);
	vm_die("exec of %s fails: %s", argv[1], strerror(errno));
}
