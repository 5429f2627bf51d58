/*
 * portio_loop [-t] [N [VCPUS]]: a guest writes N bytes (100) to port 0x10, one
 * exit each, and halts; on each of the vCPUs (1), which run side by side. With
 * -t the time that one of them takes for an exit goes to standard error: this
 * is the benchmark's program.
 *
 * A tracer must show N+1 runs of each vCPU, N of them KVM_EXIT_IO.
 */
#include <pthread.h>

#include "vm.h"

#define EXITS_MAX 10000000
#define VCPUS_MAX 16

static const uint8_t guest[] = {
	0xe6, 0x10, /* again: out 0x10, al */
	0x66, 0x49, /* dec ecx */
	0x75, 0xfa, /* jnz again */
	0xf4,	    /* hlt */
};

static unsigned long count_exits(const struct vcpu *vcpu)
{
	unsigned long exits = 0;

	while (vcpu_run(vcpu) == KVM_EXIT_IO)
		exits++;
	vm_expect(vcpu->run->exit_reason == KVM_EXIT_HLT);
	return exits;
}

struct loop {
	struct vcpu vcpu;
	pthread_t thread;
	unsigned long exits;
};

static void *run_loop(void *argument)
{
	struct loop *loop = argument;

	loop->exits = count_exits(&loop->vcpu);
	return NULL;
}

/* All vCPUs at once, each on a thread of its own; the time. */
static unsigned long run_all(struct loop *loops, unsigned long count)
{
	unsigned long begin = vm_now_ns();

	for (unsigned long i = 1; i < count; i++)
		vm_expect(pthread_create(&loops[i].thread, NULL, run_loop,
					 &loops[i]) == 0);
	run_loop(&loops[0]);
	for (unsigned long i = 1; i < count; i++)
		vm_expect(pthread_join(loops[i].thread, NULL) == 0);
	return vm_now_ns() - begin;
}

int main(int argc, char **argv)
{
	int timed = argc > 1 && strcmp(argv[1], "-t") == 0;
	unsigned long wanted =
		argc > 1 + timed ? strtoul(argv[1 + timed], NULL, 10) : 100;
	unsigned long count =
		argc > 2 + timed ? strtoul(argv[2 + timed], NULL, 10) : 1;
	struct loop loops[VCPUS_MAX];
	int kvm = vm_open_kvm();
	unsigned long ns;
	struct vm vm;

	if (wanted < 1 || wanted > EXITS_MAX)
		vm_die("the number of exits is 1 to %d", EXITS_MAX);
	if (count < 1 || count > VCPUS_MAX)
		vm_die("the number of vCPUs is 1 to %d", VCPUS_MAX);
	vm_create(&vm, kvm, guest, sizeof(guest));
	for (unsigned long i = 0; i < count; i++) {
		vcpu_create(&loops[i].vcpu, kvm, &vm, (unsigned int)i);
		vcpu_start(&loops[i].vcpu, wanted);
	}
	ns = run_all(loops, count);
	if (timed)
		dprintf(STDERR_FILENO, "%lu ns per exit\n", ns / wanted);
	for (unsigned long i = 0; i < count; i++)
		vm_expect(loops[i].exits == wanted);
	vm_say("%lu exits\n", wanted * count);
	return 0;
}
