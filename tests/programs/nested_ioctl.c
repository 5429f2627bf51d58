/*
 * nested_ioctl [N]: N times (1000) on the normal stack, and again on a signal
 * stack, a timer breaks into KVM_RUN of a guest that loops, and the handler
 * asks the system for its version, gets another vCPU's registers and runs
 * another VM. Then N / 100 times twelve such runs inside each other: each
 * handler runs a looping guest of its own, which the next signal leaves.
 *
 * A tracer must give each call its own arguments, result and exit, in handlers
 * of handlers too, on whatever stack, and the program errno and EINTR as
 * always. The timer is set once for each run and the handler sets
 * immediate_exit, so that all counts are certain: for each of the 2 N rounds 1
 * EINTR, 1 exit, 1 KVM_GET_REGS; for each of the N / 100, 12 EINTR.
 */
#include <signal.h>
#include <stdbool.h>
#include <sys/time.h>

#include "vm.h"

#define DEPTH 12
#define STACK_BYTES 0x40000
#define OTHER_RIP 0x4321

static const uint8_t looping[] = { 0xeb, 0xfe }; /* jmp $ */
static const uint8_t counting[] = {
	0xfe, 0xc0, /* again: inc al */
	0xe6, 0x10, /* out 0x10, al */
	0xeb, 0xfa, /* jmp again */
};

/* What the handlers need and find. */
static struct {
	int kvm;
	struct vcpu looping[DEPTH];
	struct vcpu other; /* never run */
	struct vcpu counting;
	uint8_t count;
	char *stack; /* where handlers must be, or NULL: not there */
	bool is_deep;
	volatile unsigned int depth;
	volatile unsigned int handled;
} shared;

static void check_stack(void)
{
	char here;

	if (shared.stack)
		vm_expect(&here >= shared.stack &&
			  &here < shared.stack + STACK_BYTES);
}

/* A shot that may come before KVM_RUN: the handler sets immediate_exit. */
static void shoot(long us)
{
	struct itimerval timer = { { 0, 0 }, { 0, us } };

	vm_expect(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

/* Run the guest of that depth until the signal comes. */
static void run_until_signal(unsigned int depth, long us)
{
	const struct vcpu *vcpu = &shared.looping[depth];
	unsigned int handled = shared.handled;

	vcpu->run->immediate_exit = 0;
	shared.depth = depth;
	shoot(us);
	vm_refused(vcpu->fd, KVM_RUN, 0, EINTR);
	vm_expect(shared.handled > handled);
	vm_expect(shared.depth == depth);
}

static void ask_others(void)
{
	struct kvm_regs regs = { .rip = 0 };

	vm_expect(ioctl(shared.kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION);
	vm_expect(ioctl(shared.other.fd, KVM_GET_REGS, &regs) == 0);
	vm_expect(regs.rip == OTHER_RIP && regs.rcx == 77);
	vm_expect(vcpu_expect_out(&shared.counting, 0x10) == ++shared.count);
}

static void on_alarm(int number)
{
	unsigned int depth = shared.depth;
	int error = errno;

	(void)number;
	check_stack();
	shared.handled++;
	shared.looping[depth].run->immediate_exit = 1;
	if (!shared.is_deep)
		ask_others();
	else if (depth + 1 < DEPTH)
		run_until_signal(depth + 1, 150);
	shared.depth = depth;
	errno = error;
}

static void handle(int flags)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = flags };

	vm_expect(sigaction(SIGALRM, &action, NULL) == 0);
}

static void use_stack(void)
{
	stack_t stack = { .ss_size = STACK_BYTES };

	shared.stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	vm_expect(shared.stack != MAP_FAILED);
	stack.ss_sp = shared.stack;
	vm_expect(sigaltstack(&stack, NULL) == 0);
	handle(SA_ONSTACK);
}

/* Shots of 40 to 200 us: before, at the start of, and within KVM_RUN. */
static void rounds_of(unsigned long rounds, const char *what)
{
	for (unsigned long i = 0; i < rounds; i++)
		run_until_signal(0, 40 + i % 17 * 10);
	vm_say("%s: %lu rounds\n", what, rounds);
}

static void make_guests(struct vm vms[2])
{
	struct kvm_regs regs = { .rip = OTHER_RIP, .rcx = 77, .rflags = 2 };

	vm_create(&vms[0], shared.kvm, looping, sizeof(looping));
	vm_create(&vms[1], shared.kvm, counting, sizeof(counting));
	for (unsigned int i = 0; i < DEPTH; i++)
		vcpu_create(&shared.looping[i], shared.kvm, &vms[0], i);
	vcpu_create(&shared.other, shared.kvm, &vms[0], DEPTH);
	vm_ioctl(shared.other.fd, KVM_SET_REGS, &regs);
	vcpu_create(&shared.counting, shared.kvm, &vms[1], 0);
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
	struct vm vms[2];

	shared.kvm = vm_open_kvm();
	make_guests(vms);
	handle(0);
	rounds_of(rounds, "on the normal stack");
	use_stack();
	rounds_of(rounds, "on a signal stack");
	handle(SA_ONSTACK | SA_NODEFER);
	shared.is_deep = true;
	rounds_of(rounds / 100, "twelve deep");
	vm_expect(shared.handled == 2 * rounds + rounds / 100 * DEPTH);
	return 0;
}
