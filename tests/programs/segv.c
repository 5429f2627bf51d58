/*
 * segv: dies of SIGSEGV after its guest has run.
 *
 * A tracer must deliver the signal, say so at the trace's end, and end with
 * 128 + 11 itself.
 */
#include "vm.h"

static const uint8_t guest[] = VM_HELLO('X');

int main(void)
{
	struct rlimit no_core = { 0, 0 };
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'X');
	vm_expect(setrlimit(RLIMIT_CORE, &no_core) == 0);
	vm_say("the guest halted\n");
	vm_expect(munmap(vm.memory, VM_BYTES) == 0);
	*(volatile uint8_t *)vm.memory = 0;
	return 0;
}
