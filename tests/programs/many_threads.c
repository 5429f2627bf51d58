/*
 * many_threads [N]: 16 vCPUs of one VM, more than there are processors, each
 * run by a thread of its own, all at once: N exits (200) each and a halt, the
 * byte that it writes being its number and its rcx going down to 0.
 *
 * A tracer must show all of each vCPU's exits, in their order, none lost, none
 * under another's number.
 */
#include <pthread.h>

#include "vm.h"

#define THREADS 16

struct worker {
	struct vcpu vcpu;
	unsigned int id;
	unsigned int exits;
};

static const uint8_t guest[] = {
	0x88, 0xd8, /* mov al, bl */
	0xe6, 0x10, /* again: out 0x10, al */
	0x66, 0x49, /* dec ecx */
	0x75, 0xfa, /* jnz again */
	0xf4,	    /* hlt */
};

static pthread_barrier_t barrier;
static unsigned long wanted = 200;

static void *run_vcpu(void *arg)
{
	struct worker *worker = arg;
	struct kvm_regs regs;

	vcpu_start(&worker->vcpu, wanted);
	vm_ioctl(worker->vcpu.fd, KVM_GET_REGS, &regs);
	regs.rbx = worker->id;
	vm_ioctl(worker->vcpu.fd, KVM_SET_REGS, &regs);
	pthread_barrier_wait(&barrier);
	for (; vcpu_run(&worker->vcpu) == KVM_EXIT_IO; worker->exits++)
		vm_expect(*(uint8_t *)vcpu_io_data(&worker->vcpu) ==
			  worker->id);
	vm_expect(worker->vcpu.run->exit_reason == KVM_EXIT_HLT);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct worker workers[THREADS];
	pthread_t threads[THREADS];
	int kvm = vm_open_kvm();
	struct vm vm;

	if (argc > 1)
		wanted = strtoul(argv[1], NULL, 10);
	vm_create(&vm, kvm, guest, sizeof(guest));
	vm_expect(!pthread_barrier_init(&barrier, NULL, THREADS));
	for (unsigned int i = 0; i < THREADS; i++) {
		workers[i].id = i;
		vcpu_create(&workers[i].vcpu, kvm, &vm, i);
		vm_expect(!pthread_create(&threads[i], NULL, run_vcpu,
					  &workers[i]));
	}
	for (unsigned int i = 0; i < THREADS; i++) {
		vm_expect(!pthread_join(threads[i], NULL));
		vm_expect(workers[i].exits == wanted);
	}
	vm_say("%d vCPUs made %lu exits each\n", THREADS, wanted);
	return 0;
}
