/*
 * threads: two vCPUs of one VM, each run by a thread of its own, at once.
 *
 * A tracer must follow the threads, keep the interleaved calls of the two
 * vCPUs apart, and number each vCPU's runs by itself.
 */
#include <pthread.h>

#include "vm.h"

struct worker {
	struct vcpu vcpu;
	unsigned int letter;
	unsigned int exits;
};

static const uint8_t guest[] = {
	0x88, 0xd8, /* mov al, bl */
	0xe6, 0x10, /* again: out 0x10, al */
	0x66, 0x49, /* dec ecx */
	0x75, 0xfa, /* jnz again */
	0xf4,	    /* hlt */
};

static void *run_vcpu(void *arg)
{
	struct worker *worker = arg;
	struct kvm_regs regs;

	vcpu_start(&worker->vcpu, 200);
	vm_ioctl(worker->vcpu.fd, KVM_GET_REGS, &regs);
	regs.rbx = worker->letter;
	vm_ioctl(worker->vcpu.fd, KVM_SET_REGS, &regs);
	while (vcpu_run(&worker->vcpu) == KVM_EXIT_IO) {
		vm_expect(*(uint8_t *)vcpu_io_data(&worker->vcpu) ==
			  worker->letter);
		worker->exits++;
	}
	vm_expect(worker->vcpu.run->exit_reason == KVM_EXIT_HLT);
	return NULL;
}

int main(void)
{
	struct worker workers[2] = { { .letter = 'A' }, { .letter = 'B' } };
	int kvm = vm_open_kvm();
	pthread_t threads[2];
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	for (unsigned int i = 0; i < 2; i++) {
		vcpu_create(&workers[i].vcpu, kvm, &vm, i);
		vm_expect(!pthread_create(&threads[i], NULL, run_vcpu,
					  &workers[i]));
	}
	for (unsigned int i = 0; i < 2; i++) {
		vm_expect(!pthread_join(threads[i], NULL));
		vm_say("vcpu %u: %u exits\n", i, workers[i].exits);
		vm_expect(workers[i].exits == 200);
	}
	return 0;
}
