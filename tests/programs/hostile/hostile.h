/*
 * hostile.h - what programs that attack their grader share. Each does an
 * honest piece of work, which must be seen in its trace, whatever it does
 * besides: one VM, whose guest writes a letter to a port and halts.
 */
#ifndef TEST_PROGRAMS_HOSTILE_H
#define TEST_PROGRAMS_HOSTILE_H

#include "../vm.h"

/* `kvm` is open /dev/kvm. */
static inline void work_on(int kvm)
{
	static const uint8_t guest[] = VM_HELLO('h');
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'h');
}

static inline void work(void)
{
	work_on(vm_open_kvm());
}

#endif
