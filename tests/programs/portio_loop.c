/*
 * portio_loop [-t] [N]: a guest writes N bytes (100) to port 0x10, one exit
 * each, and halts. With -t the cost of an exit goes to standard error: this is
 * the benchmark's program.
 *
 * A tracer must show N+1 runs of one vCPU, N of them KVM_EXIT_IO.
 */
#include "vm.h"

#define EXITS_MAX 10000000

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

int main(int argc, char **argv)
{
	int timed = argc > 1 && strcmp(argv[1], "-t") == 0;
	unsigned long wanted =
		argc > 1 + timed ? strtoul(argv[1 + timed], NULL, 10) : 100;
	int kvm = vm_open_kvm();
	unsigned long begin, exits;
	struct vcpu vcpu;
	struct vm vm;

	if (wanted < 1 || wanted > EXITS_MAX)
		vm_die("the number of exits is 1 to %d", EXITS_MAX);
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_start(&vcpu, wanted);
	begin = vm_now_ns();
	exits = count_exits(&vcpu);
	if (timed)
		dprintf(STDERR_FILENO, "%lu ns per exit\n",
			(vm_now_ns() - begin) / exits);
	vm_expect(exits == wanted);
	vm_say("%lu exits\n", exits);
	return 0;
}
