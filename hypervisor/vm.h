/*
 * A virtual machine with one processor, and the KVM calls that hv makes, each
 * checked. What the calls do is in the kernel's Documentation/virt/kvm/api.rst
 * under the name of the request.
 *
 * Functions that return int return 0, or -errno after they said on standard
 * error which request failed, on what, and why.
 */
#ifndef HYPERVISOR_VM_H
#define HYPERVISOR_VM_H

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

#include "modes.h"

struct vm {
	int kvm_fd;	     /* /dev/kvm: the system */
	int vm_fd;	     /* this machine: its memory */
	int vcpu_fd;	     /* its processor: registers, and running */
	uint8_t *memory;     /* guest physical 0 */
	size_t memory_bytes; /* pages, MODE_MEMORY_MIN to VM_MEMORY_MAX */
	struct kvm_run *run; /* what KVM and hv tell each other about exits */
	size_t run_bytes;
};

/* Memory must end before the pages that vm.c gives to KVM itself. */
#define VM_MEMORY_MAX 0xfffbc000

/*
 * Makes the machine and its processor. Whatever it returns, vm_done() takes
 * back what was made.
 */
int vm_create(struct vm *vm, size_t memory_bytes);
void vm_done(struct vm *vm);

/* Puts the processor into the mode, about to execute what is at address 0. */
int vm_enter_mode(struct vm *vm, const struct mode *mode);

/* Lets the guest go on; vm->run->exit_reason says why it came back. */
int vm_run(struct vm *vm);

int vm_get_regs(struct vm *vm, struct kvm_regs *ret_regs);

/* Walks the guest's page tables; ret_translation->valid is 0 when they lead
 * nowhere. */
int vm_translate(struct vm *vm, uint64_t gva,
		 struct kvm_translation *ret_translation);

#endif
