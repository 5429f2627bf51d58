/*
 * fs_twins [N]: the main thread and two made by clone without CLONE_SETTLS,
 * which so have one fs base among them, make N requests (500) each at the same
 * time, by one syscall instruction.
 *
 * A tracer that tells threads by their fs base, where the C library keeps what
 * is a thread's own, mixes them up. The first asks for KVM_GET_API_VERSION
 * only, the second for KVM_GET_VCPU_MMAP_SIZE, the third for
 * KVM_CHECK_EXTENSION; each must be shown under its own tid.
 */
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "vm.h"

#define THREADS 3
#define STACK_BYTES 0x10000
#define FLAGS                                                          \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
	 CLONE_SYSVSEM | CLONE_CHILD_CLEARTID)

static const unsigned long requests[THREADS] = {
	KVM_GET_API_VERSION,
	KVM_GET_VCPU_MMAP_SIZE,
	KVM_CHECK_EXTENSION,
};

/* The twins may not use the C library: its errno is one for all. */
static struct {
	int kvm;
	unsigned long calls;
	atomic_uint ready;
	atomic_uint wrong;
	long expected[THREADS];
	atomic_int alive[THREADS]; /* the kernel clears it: futexes */
} shared;

/* A fourth argument is 0: no time-out, for FUTEX_WAIT. */
__attribute__((noinline)) static long raw(long number, long a, long b, long c)
{
	register long r10 __asm__("r10") = 0;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return ret;
}

static long ask(unsigned long which)
{
	return raw(SYS_ioctl, shared.kvm, requests[which],
		   requests[which] == KVM_CHECK_EXTENSION ?
			   KVM_CAP_USER_MEMORY :
			   0);
}

static void make_calls(unsigned long which)
{
	shared.ready++;
	while (shared.ready < THREADS)
		raw(SYS_sched_yield, 0, 0, 0);
	for (unsigned long i = 0; i < shared.calls; i++)
		if (ask(which) != shared.expected[which])
			shared.wrong++;
}

static int twin(void *which)
{
	make_calls((unsigned long)which);
	raw(SYS_exit, 0, 0, 0);
	return 0;
}

/* glibc's clone() passes the flags on as they are: no CLONE_SETTLS. */
static void start(unsigned long which)
{
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm_expect(stack != MAP_FAILED);
	shared.alive[which] = 1;
	vm_expect(clone(twin, stack + STACK_BYTES, FLAGS, (void *)which, NULL,
			NULL, &shared.alive[which]) > 0);
}

static void wait_for(unsigned long which)
{
	while (shared.alive[which])
		raw(SYS_futex, (long)&shared.alive[which], FUTEX_WAIT, 1);
}

/* Asked once more than the others: the size of kvm_run differs by host. */
static void find_answers(void)
{
	shared.expected[0] = KVM_API_VERSION;
	shared.expected[1] = ask(1);
	shared.expected[2] = 1;
	vm_expect(shared.expected[1] >= (long)sizeof(struct kvm_run));
}

int main(int argc, char **argv)
{
	shared.calls = argc > 1 ? strtoul(argv[1], NULL, 10) : 500;
	shared.kvm = vm_open_kvm();
	find_answers();
	start(1);
	start(2);
	make_calls(0);
	wait_for(1);
	wait_for(2);
	vm_expect(shared.wrong == 0);
	vm_say("%d threads made %lu calls each\n", THREADS, shared.calls);
	return 0;
}
