/*
 * unfinished: children that are killed by SIGKILL inside KVM_RUN: one with a
 * single thread, one with two in two vCPUs, and one whose signal handler is
 * inside KVM_RUN of another vCPU, the first having been left by EINTR. The
 * parent goes on and runs a guest of its own.
 *
 * A tracer must show each run that never came back, four, as unfinished, before
 * its process's end; the one that the signal left as EINTR; and go on.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "vm.h"

#define VCPUS 2
#define COUNTER 0x2000

/* Each vCPU counts in a word of its own: bx is its address. */
static const uint8_t looping[] = {
	0xff, 0x07, /* again: inc word [bx] */
	0xeb, 0xfc, /* jmp again */
};
static const uint8_t hello[] = VM_HELLO('U');

static struct {
	int kvm;
	struct vm vm;
	struct vcpu vcpus[VCPUS];
} shared;

static volatile uint16_t *counter_of(unsigned int i)
{
	return (volatile uint16_t *)(shared.vm.memory + COUNTER + 64 * i);
}

static void *run_for_ever(void *vcpu)
{
	vcpu_run(vcpu);
	vm_die("the looping guest made an exit");
}

static void run_alone(void)
{
	run_for_ever(&shared.vcpus[0]);
}

static void run_two_threads(void)
{
	pthread_t thread;

	vm_expect(!pthread_create(&thread, NULL, run_for_ever,
				  &shared.vcpus[0]));
	run_for_ever(&shared.vcpus[1]);
}

static void on_alarm(int number)
{
	(void)number;
	run_for_ever(&shared.vcpus[1]);
}

/* One shot, long after KVM_RUN has begun. */
static void run_in_handler(void)
{
	struct itimerval timer = { { 0, 0 }, { 0, 100000 } };
	struct sigaction action = { .sa_handler = on_alarm };

	vm_expect(sigaction(SIGALRM, &action, NULL) == 0);
	vm_expect(setitimer(ITIMER_REAL, &timer, NULL) == 0);
	run_for_ever(&shared.vcpus[0]);
}

static void make_vcpu(unsigned int i)
{
	struct kvm_regs regs = { .rip = VM_ENTRY,
				 .rflags = 2,
				 .rbx = COUNTER + 64 * i };

	vcpu_create(&shared.vcpus[i], shared.kvm, &shared.vm, i);
	vm_ioctl(shared.vcpus[i].fd, KVM_SET_REGS, &regs);
}

/* A VM belongs to the process that makes it; the parent sees its memory. */
static void child(void (*run)(void))
{
	struct kvm_userspace_memory_region slot = {
		.memory_size = VM_BYTES,
		.userspace_addr = (uintptr_t)shared.vm.memory,
	};

	vm_limit_cpu();
	shared.vm.fd = vm_ioctl(shared.kvm, KVM_CREATE_VM, 0);
	vm_ioctl(shared.vm.fd, KVM_SET_TSS_ADDR, 0xfffbd000);
	vm_ioctl(shared.vm.fd, KVM_SET_USER_MEMORY_REGION, &slot);
	for (unsigned int i = 0; i < VCPUS; i++)
		make_vcpu(i);
	run();
}

static void make_memory(void)
{
	shared.vm.memory = mmap(NULL, VM_BYTES, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	vm_expect(shared.vm.memory != MAP_FAILED);
	memcpy(shared.vm.memory + VM_ENTRY, looping, sizeof(looping));
}

static void kill_in_run(const char *what, void (*run)(void), unsigned int first,
			unsigned int last)
{
	int status;
	pid_t pid;

	make_memory();
	pid = fork();
	vm_expect(pid >= 0);
	if (pid == 0)
		child(run);
	for (unsigned int i = first; i <= last; i++)
		while (!*counter_of(i) && waitpid(pid, &status, WNOHANG) == 0)
			usleep(100);
	vm_expect(kill(pid, SIGKILL) == 0);
	vm_expect(waitpid(pid, &status, 0) == pid);
	vm_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	vm_expect(munmap(shared.vm.memory, VM_BYTES) == 0);
	vm_say("%s: killed\n", what);
}

int main(void)
{
	struct vcpu vcpu;
	struct vm vm;

	shared.kvm = vm_open_kvm();
	kill_in_run("one run", run_alone, 0, 0);
	kill_in_run("two runs in two threads", run_two_threads, 0, 1);
	kill_in_run("a run in a handler", run_in_handler, 1, 1);
	vm_create(&vm, shared.kvm, hello, sizeof(hello));
	vcpu_create(&vcpu, shared.kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'U');
	vm_say("the parent ran on\n");
	return 0;
}
