/*
 * preserve [N]: makes KVM requests by its own assembler, N times (60) each of
 * KVM_GET_API_VERSION, KVM_RUN of a guest that writes to a port, and
 * KVM_GET_REGS to an odd address, from four kinds of code and on six stacks;
 * before each call all registers, flags and vectors hold a pattern, and behind
 * it all of that is compared, and the memory around rsp with its red zone.
 *
 * A tracer must leave everything but rax, rcx and r11 as it was, may not use
 * the program's stack (two lie at the edges of their mapping, one rsp points
 * nowhere), and must bear DF and AC, alignment checks, set by the program.
 */
#include <asm/prctl.h>
#include <asm/processor-flags.h>
#include <cpuid.h>
#include <sys/syscall.h>

#include "vm.h"

#define PAGE 4096
#define RED_ZONE 128 /* x86-64 psABI, 3.2.2 */
#define STACK_BYTES (4 * PAGE)
#define NOWHERE 0x10
#define GS_BASE 0x123456789000
#define XSAVE_MAX 16384
/* Linux's RFLAGS for programs also has IF and the bit that is always 1. */
#define ALWAYS_FLAGS (X86_EFLAGS_FIXED | X86_EFLAGS_IF)
#define RESULT_FLAGS                                                     \
	(X86_EFLAGS_CF | X86_EFLAGS_PF | X86_EFLAGS_AF | X86_EFLAGS_ZF | \
	 X86_EFLAGS_SF | X86_EFLAGS_OF)
/* x87, SSE, AVX, and the three of AVX-512: SDM vol. 1, 13.1. */
#define VECTORS 0xe7U

enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, R11 = 11, REGISTERS = 16 };

struct registers {
	uint64_t r[REGISTERS];
	uint64_t flags;
};

/* What the assembler below loads and stores: two sets, by their offsets. */
struct registers before __attribute__((used));
struct registers after __attribute__((used));
uint8_t vectors_before[XSAVE_MAX] __attribute__((used, aligned(64)));
uint8_t vectors_after[XSAVE_MAX] __attribute__((used, aligned(64)));
uint64_t vectors_mask __attribute__((used));
uint64_t own_stack __attribute__((used));
uint32_t own_mxcsr __attribute__((used)) = 0x1f80;

void call_number_beside(void);
void call_number_early(void);
void call_rip_relative(void);
void call_jumping_in(void);

/*
 * enter: everything but rax and rdi. leave: mov changes no flag. The last
 * instructions before each syscall are what differs:
 *  call_number_beside	mov $16, %eax, with other bits in rax before
 *  call_number_early	rax and rdi by memory, from the address in rdi
 *  call_rip_relative	rax and rdi by memory, relative to rip
 *  call_jumping_in	a jump to the first one's syscall itself
 */
__asm__(".macro enter\n\t"
	"push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n\t"
	"mov %rsp, own_stack(%rip)\n\t"
	"mov vectors_mask(%rip), %eax; xor %edx, %edx\n\t"
	"xrstor64 vectors_before(%rip)\n\t"
	"push before+128(%rip); popfq\n\t"
	"mov before+8(%rip), %rbx; mov before+16(%rip), %rcx\n\t"
	"mov before+24(%rip), %rdx; mov before+32(%rip), %rsi\n\t"
	"mov before+48(%rip), %rbp; mov before+56(%rip), %rsp\n\t"
	"mov before+64(%rip), %r8; mov before+72(%rip), %r9\n\t"
	"mov before+80(%rip), %r10; mov before+88(%rip), %r11\n\t"
	"mov before+96(%rip), %r12; mov before+104(%rip), %r13\n\t"
	"mov before+112(%rip), %r14; mov before+120(%rip), %r15\n\t"
	".endm\n\t"

	".macro leave_\n\t"
	"mov %rax, after(%rip); mov %rbx, after+8(%rip)\n\t"
	"mov %rcx, after+16(%rip); mov %rdx, after+24(%rip)\n\t"
	"mov %rsi, after+32(%rip); mov %rdi, after+40(%rip)\n\t"
	"mov %rbp, after+48(%rip); mov %rsp, after+56(%rip)\n\t"
	"mov %r8, after+64(%rip); mov %r9, after+72(%rip)\n\t"
	"mov %r10, after+80(%rip); mov %r11, after+88(%rip)\n\t"
	"mov %r12, after+96(%rip); mov %r13, after+104(%rip)\n\t"
	"mov %r14, after+112(%rip); mov %r15, after+120(%rip)\n\t"
	"mov own_stack(%rip), %rsp\n\t"
	"pushfq; pop after+128(%rip)\n\t"
	"push $2; popfq\n\t"
	"mov vectors_mask(%rip), %eax; xor %edx, %edx\n\t"
	"xsave64 vectors_after(%rip)\n\t"
	"fninit; ldmxcsr own_mxcsr(%rip)\n\t"
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n\t"
	"ret\n\t"
	".endm\n\t"

	".text\n"
	"call_number_beside:\n\t"
	"enter\n\t"
	"mov before+40(%rip), %rdi\n\t"
	"mov before(%rip), %rax\n\t"
	"mov $16, %eax\n"
	"inner_syscall:\n\t"
	"syscall\n\t"
	"leave_\n"

	"call_number_early:\n\t"
	"enter\n\t"
	"lea before(%rip), %rdi\n\t"
	"mov (%rdi), %rax\n\t"
	"mov 40(%rdi), %rdi\n\t"
	"syscall\n\t"
	"leave_\n"

	"call_rip_relative:\n\t"
	"enter\n\t"
	"mov before(%rip), %rax\n\t"
	"mov before+40(%rip), %rdi\n\t"
	"syscall\n\t"
	"leave_\n"

	"call_jumping_in:\n\t"
	"enter\n\t"
	"mov before(%rip), %rax\n\t"
	"mov before+40(%rip), %rdi\n\t"
	"jmp inner_syscall\n");

static void (*const kinds_of_code[])(void) = {
	call_number_beside,
	call_number_early,
	call_rip_relative,
	call_jumping_in,
};

static const uint8_t guest[] = {
	0xfe, 0xc0, /* again: inc al */
	0xe6, 0x10, /* out 0x10, al */
	0xeb, 0xfa, /* jmp again */
};

/* The descriptors, and the memory that is rsp's. */
struct setting {
	int kvm;
	struct vcpu vcpu;
	uint8_t next_byte; /* that the guest will write */
	uint8_t *stack;
	uint8_t stack_before[STACK_BYTES];
	uint64_t rsp[6];
};

/* xorshift64: patterns that are the same in every run. */
static uint64_t next_pattern(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void fill(void *to, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((uint8_t *)to)[i] = next_pattern();
}

/* A component's place in the uncompacted format: leaf 13, its number. */
static void fill_component(unsigned int number)
{
	unsigned int bytes, offset, c, d;

	if (!(vectors_mask & 1U << number))
		return;
	__cpuid_count(0xd, number, bytes, offset, c, d);
	vm_expect(offset + bytes <= XSAVE_MAX);
	fill(vectors_before + offset, bytes);
}

static void find_vectors(void)
{
	unsigned int a, b, c, d;
	uint32_t low, high;

	__cpuid(1, a, b, c, d);
	if (!(c & bit_OSXSAVE))
		vm_skip("skipped: this processor has no xsave");
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	vectors_mask = low & VECTORS;
}

/* The legacy area: SDM vol. 1, table 10-2; mxcsr and fcw mask exceptions. */
static void fill_vectors(void)
{
	uint16_t fcw = 0x007f | (next_pattern() & 0x0f00);
	uint32_t mxcsr = 0x1f80 | (next_pattern() & 0xe03f);

	memset(vectors_before, 0, sizeof(vectors_before));
	memcpy(vectors_before, &fcw, sizeof(fcw));
	vectors_before[4] = 0xff; /* all eight in use */
	memcpy(vectors_before + 24, &mxcsr, sizeof(mxcsr));
	for (int i = 0; i < 8; i++)
		fill(vectors_before + 32 + i * 16, 10);
	fill(vectors_before + 160, 16 * 16);
	memcpy(vectors_before + 512, &vectors_mask, sizeof(vectors_mask));
	for (unsigned int number = 2; number < 8; number++)
		fill_component(number);
}

/* Not the x87's last instruction and operand, which AMD doesn't save. */
static void check_vectors(void)
{
	memcpy(vectors_after + 6, vectors_before + 6, 18);
	memcpy(vectors_after + 28, vectors_before + 28, 4);
	memcpy(vectors_after + 416, vectors_before + 416, 96);
	for (size_t i = 0; i < XSAVE_MAX; i++)
		if (vectors_before[i] != vectors_after[i])
			vm_die("byte %zu of the vector state is 0x%x, was 0x%x",
			       i, vectors_after[i], vectors_before[i]);
}

static void check_registers(uint64_t result)
{
	vm_expect(after.r[RAX] == result);
	for (int i = RBX; i < REGISTERS; i++)
		if (i != RCX && i != R11 && before.r[i] != after.r[i])
			vm_die("register %d is 0x%lx, was 0x%lx", i, after.r[i],
			       before.r[i]);
	if (before.flags != after.flags)
		vm_die("the flags are 0x%lx, were 0x%lx", after.flags,
		       before.flags);
}

/* All registers, and the stack whose rsp it is. */
static void prepare(struct setting *setting, unsigned int where, int fd,
		    unsigned long request, void *arg)
{
	uint64_t flags = next_pattern();

	fill(&before, sizeof(before));
	fill_vectors();
	fill(setting->stack, STACK_BYTES);
	memcpy(setting->stack_before, setting->stack, STACK_BYTES);
	before.flags = ALWAYS_FLAGS |
		       (flags & (RESULT_FLAGS | X86_EFLAGS_DF | X86_EFLAGS_AC |
				 X86_EFLAGS_ID));
	before.r[RSP] = setting->rsp[where];
	before.r[RDI] = next_pattern() << 32 | (unsigned int)fd;
	before.r[RSI] = next_pattern() << 32 | request;
	before.r[RDX] = (uintptr_t)arg;
}

static void call(struct setting *setting, unsigned int kind, unsigned int where,
		 unsigned long request, void *arg, uint64_t result)
{
	unsigned long gs_base = 0;
	int fd = request == KVM_GET_API_VERSION ? setting->kvm :
						  setting->vcpu.fd;

	prepare(setting, where, fd, request, arg);
	/* The first kind has other bits there before it loads the number. */
	if (kinds_of_code[kind] != call_number_beside)
		before.r[RAX] = SYS_ioctl;
	kinds_of_code[kind]();
	check_registers(result);
	check_vectors();
	if (memcmp(setting->stack, setting->stack_before, STACK_BYTES) != 0)
		vm_die("something wrote to the stack or below it");
	vm_expect(syscall(SYS_arch_prctl, ARCH_GET_GS, &gs_base) == 0 &&
		  gs_base == GS_BASE);
}

/* The three requests once, by one kind of code, on one stack. */
static void round_of_calls(struct setting *setting, unsigned int kind,
			   unsigned int where)
{
	uint8_t space[sizeof(struct kvm_regs) + 1];
	struct kvm_regs regs;

	call(setting, kind, where, KVM_GET_API_VERSION, NULL, KVM_API_VERSION);
	call(setting, kind, where, KVM_RUN, NULL, 0);
	setting->next_byte++;
	vm_expect(setting->vcpu.run->exit_reason == KVM_EXIT_IO &&
		  *(uint8_t *)vcpu_io_data(&setting->vcpu) ==
			  setting->next_byte);
	memset(space, 0xff, sizeof(space));
	call(setting, kind, where, KVM_GET_REGS, space + 1, 0);
	memcpy(&regs, space + 1, sizeof(regs));
	vm_expect((uint8_t)regs.rax == setting->next_byte && space[0] == 0xff);
}

/* Both edges, with and without room for a red zone, the middle, nothing. */
static void make_stacks(struct setting *setting)
{
	uint8_t *space = mmap(NULL, STACK_BYTES + 2 * PAGE, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t low;

	vm_expect(space != MAP_FAILED);
	setting->stack = space + PAGE;
	vm_expect(mprotect(setting->stack, STACK_BYTES,
			   PROT_READ | PROT_WRITE) == 0);
	low = (uintptr_t)setting->stack;
	setting->rsp[0] = low + STACK_BYTES / 2;
	setting->rsp[1] = low + RED_ZONE;
	setting->rsp[2] = low;
	setting->rsp[3] = low + STACK_BYTES;
	setting->rsp[4] = low + STACK_BYTES / 2 + 3;
	setting->rsp[5] = NOWHERE;
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 60;
	static struct setting setting;
	unsigned int calls = 0;
	struct vm vm;

	setting.kvm = vm_open_kvm();
	find_vectors();
	make_stacks(&setting);
	vm_expect(syscall(SYS_arch_prctl, ARCH_SET_GS, GS_BASE) == 0);
	vm_create(&vm, setting.kvm, guest, sizeof(guest));
	vcpu_create(&setting.vcpu, setting.kvm, &vm, 0);
	for (unsigned long i = 0; i < rounds; i++)
		for (unsigned int kind = 0; kind < 4; kind++)
			for (unsigned int where = 0; where < 6; where++) {
				round_of_calls(&setting, kind, where);
				calls += 3;
			}
	vm_say("%u calls, and nothing else changed\n", calls);
	return 0;
}
