/*
 * exit_group_in_run: one thread is inside KVM_RUN when the main thread calls
 * exit(7).
 *
 * A tracer must show the run as unfinished, end both threads and the
 * trace with status 7, and end with 7 itself.
 */
#include <pthread.h>

#include "vm.h"

#define COUNTER 0x2000

static const uint8_t guest[] = {
	0xff, 0x06, 0x00, 0x20, /* again: inc word [0x2000] */
	0xeb, 0xfa,		/* jmp again */
};

static void *run_for_ever(void *vcpu)
{
	vcpu_run(vcpu);
	vm_die("the looping guest made an exit");
}

/* The guest counts, so its thread is inside KVM_RUN. */
static void wait_until_it_runs(const struct vm *vm)
{
	volatile uint16_t *counter =
		(volatile uint16_t *)(vm->memory + COUNTER);

	alarm(5);
	while (!*counter)
		usleep(1000);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	pthread_t thread;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(!pthread_create(&thread, NULL, run_for_ever, &vcpu));
	wait_until_it_runs(&vm);
	vm_say("leaving now\n");
	exit(7);
}
