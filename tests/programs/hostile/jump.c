/*
 * jump SEED: jumps to any place of the in-process engine's code, with registers
 * that it was never meant to have, and comes back by whichever signal ends it.
 */
#include "agent.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

#define JUMPS 1500

enum { RAX, RBX, RCX, RDX, RSI, RDI, R8, R9, R10, R11, REGISTERS };

static sigjmp_buf back;
static int kvm;
static uint8_t *room;	/* to be written to, with a barrier behind it */

static void on_signal(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

static void catch_all(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGTRAP,
				       SIGFPE, SIGALRM, SIGSYS, SIGABRT };
	static uint8_t stack[65536];
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = SA_ONSTACK | SA_NODEFER };

	vm_expect(!sigaltstack(&other, NULL));
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		vm_expect(!sigaction(signals[i], &action, NULL));
}

/*
 * Where the agent's last jump may lead, and the tracer, who puts a thread
 * behind the call that the slot tells of, or two bytes before.
 */
__attribute__((noreturn, used)) static void come_back(void)
{
	siglongjmp(back, 2);
}

void land(void);
__asm__(".text\n\t"
	"nop\n\t"
	"nop\n"
	"land:\n\t"
	"and	$-16, %rsp\n\t"
	"call	come_back");

/*
 * A number in rax is one of ours or none at all: a random one would be any
 * system call, if it lands on `syscall`.
 */
static uint64_t random_rax(uint64_t *state)
{
	uint64_t value = next_random(state);

	return value % 2 ? 16 : (value | 0x10000000) & ~0x40000000ull;
}

static uint64_t random_value(uint64_t *state)
{
	static const uint64_t requests[] = { KVM_GET_API_VERSION, KVM_RUN,
		KVM_GET_REGS, KVM_CREATE_VM, KVM_CREATE_VCPU };
	uint64_t value = next_random(state);

	switch (next_random(state) % 7) {
	case 0:
		return FIRST_SLOT + value % 2 * (value % (SLOT_BYTES));
	case 1:
		return (uint64_t)room + value % VM_BYTES;
	case 2:
		return (uint64_t)kvm;
	case 3:
		return requests[value % 5];
	case 4:
		return (uint64_t)land;
	case 5:
		return ((uint64_t)land << 16) | (value & 0xffff);
	default:
		return value;
	}
}

static void jump(uint64_t target, const uint64_t *registers)
{
	__asm__ volatile(
		"push	%[target]\n\t"
		"mov	8(%[all]), %%rbx\n\t"
		"mov	16(%[all]), %%rcx\n\t"
		"mov	24(%[all]), %%rdx\n\t"
		"mov	32(%[all]), %%rsi\n\t"
		"mov	40(%[all]), %%rdi\n\t"
		"mov	48(%[all]), %%r8\n\t"
		"mov	56(%[all]), %%r9\n\t"
		"mov	64(%[all]), %%r10\n\t"
		"mov	72(%[all]), %%r11\n\t"
		"mov	(%[all]), %%rax\n\t"
		"ret"
		: : [target] "r" (target), [all] "a" (registers)
		: "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
		  "memory", "cc");
	__builtin_unreachable();
}

/* Behind the code there are zeros up to the page's end. */
static uint64_t code_bytes(void)
{
	const uint8_t *code = (const uint8_t *)AGENT_CODE;
	uint64_t length = AGENT_CODE_BYTES;

	while (length && !code[length - 1])
		length--;
	return length;
}

static void jump_once(uint64_t length, uint64_t *state)
{
	static const struct itimerval soon = { .it_value.tv_usec = 20000 };
	static uint64_t registers[REGISTERS];
	struct slot_head *slot = (struct slot_head *)FIRST_SLOT;

	for (int i = 0; i < REGISTERS; i++)
		registers[i] = random_value(state);
	registers[RAX] = random_rax(state);
	/* Else it is in the C library, whose frame is gone. */
	slot->ip = (uint64_t)land;
	slot->rbx = random_value(state);
	setitimer(ITIMER_REAL, &soon, NULL);
	if (!sigsetjmp(back, 1))
		jump(AGENT_CODE + next_random(state) % length, registers);
}

int main(int argc, char **argv)
{
	uint64_t state;
	struct range code;

	vm_expect(argc > 1);
	state = strtoul(argv[1], NULL, 10) * 0x9e3779b97f4a7c15 + 1;
	work();
	kvm = vm_open_kvm();
	call_often(kvm, 100);
	room = mmap(NULL, 2 * VM_BYTES, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	vm_expect(!mprotect(room, VM_BYTES, PROT_READ | PROT_WRITE));
	catch_all();
	vm_limit_cpu();
	if (find_parts("code", &code, 1))
		for (volatile int i = 0; i < JUMPS; i++)
			jump_once(code_bytes(), &state);
	call_often(kvm, 100);
	vm_say("went on\n");
	return 0;
}
