/*
 * late_threads [N]: 8 threads wait for each other, then all make the process's
 * first KVM requests, N each (40), through libc's ioctl, libc's syscall and an
 * instruction of the program's own, each thread beginning with another. This
 * happens in a child of a process that has made none, in that process itself,
 * and in a child made afterwards.
 *
 * A tracer that changes code while others run it must let none of them meet
 * half an instruction. It must show 8 N calls for each of the three processes.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "vm.h"

#define THREADS 8
#define WAYS 3

static int kvm;
static unsigned long wanted = 40;
static atomic_uint ready;

static int by_libc(void)
{
	return ioctl(kvm, KVM_GET_API_VERSION, 0);
}

static int by_syscall(void)
{
	return syscall(SYS_ioctl, kvm, KVM_GET_API_VERSION, 0);
}

__attribute__((noinline)) static int by_instruction(void)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(SYS_ioctl), "D"(kvm), "S"(KVM_GET_API_VERSION),
			   "d"(0)
			 : "rcx", "r11", "memory");
	return ret;
}

static int (*const ways[WAYS])(void) = { by_libc, by_syscall, by_instruction };

/* They leave the barrier within nanoseconds, not when they are woken. */
static void *make_calls(void *arg)
{
	unsigned long first = (unsigned long)arg, good = 0;

	ready++;
	while (ready < THREADS)
		sched_yield();
	for (unsigned long i = 0; i < wanted; i++)
		good += ways[(first + i) % WAYS]() == KVM_API_VERSION;
	return (void *)good;
}

static void run_threads(const char *who)
{
	pthread_t threads[THREADS];
	void *good;

	ready = 0;
	for (unsigned long i = 0; i < THREADS; i++)
		vm_expect(!pthread_create(&threads[i], NULL, make_calls,
					  (void *)i));
	for (unsigned long i = 0; i < THREADS; i++) {
		vm_expect(!pthread_join(threads[i], &good));
		if ((unsigned long)good != wanted)
			vm_die("%s: thread %lu counts %lu good calls of %lu",
			       who, i, (unsigned long)good, wanted);
	}
	vm_say("%s: all calls of %d threads are right\n", who, THREADS);
}

static void run_child(const char *who)
{
	pid_t pid = fork();
	int status;

	vm_expect(pid >= 0);
	if (pid == 0) {
		run_threads(who);
		_exit(0);
	}
	vm_expect(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		wanted = strtoul(argv[1], NULL, 10);
	kvm = vm_open_kvm();
	run_child("a child");
	run_threads("the parent");
	run_child("another child");
	return 0;
}
