/*
 * fork_mid [N]: N times (20) the program forks while another thread of it is
 * in KVM_RUN; the child asks for the version and runs a VM of its own; the
 * parent asks its running VM for more. In the end a signal leaves KVM_RUN.
 *
 * A tracer must show the child's calls as the child's, and KVM_RUN once, as the
 * parent's, with EINTR: the thread inside it was not forked. For each child 10
 * KVM_GET_API_VERSION and 2 exits, for the parent as many versions.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "vm.h"

#define COUNTER 0x2000
#define CALLS 10

static const uint8_t looping[] = {
	0xff, 0x06, 0x00, 0x20, /* again: inc word [0x2000] */
	0xeb, 0xfa,		/* jmp again */
};
static const uint8_t hello[] = VM_HELLO('F');

static void on_signal(int number)
{
	(void)number;
}

static void *run_until_signal(void *vcpu)
{
	vm_refused(((struct vcpu *)vcpu)->fd, KVM_RUN, 0, EINTR);
	return NULL;
}

/* The guest counts on, so its thread is inside KVM_RUN. */
static void wait_until_it_runs(const struct vm *vm)
{
	volatile uint16_t *counter =
		(volatile uint16_t *)(vm->memory + COUNTER);
	uint16_t before = *counter;

	while (*counter == before)
		usleep(100);
}

/*
 * It is ignored, but not in a traced process: sig_ignored() in kernel/signal.c.
 * There it would wake whichever thread does not stand still, with EINTR.
 */
static void block_sigchld(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	vm_expect(sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
}

static void ask(int kvm)
{
	for (int i = 0; i < CALLS; i++)
		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
}

/* The thread that was inside KVM_RUN is not here; its vCPU is not usable. */
static void child(int kvm, const struct vcpu *parents)
{
	struct vcpu vcpu;
	struct vm vm;

	ask(kvm);
	vm_refused(parents->fd, KVM_RUN, 0, EIO);
	vm_create(&vm, kvm, hello, sizeof(hello));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'F');
	_exit(0);
}

static void fork_once(int kvm, const struct vm *vm, const struct vcpu *vcpu)
{
	int status;
	pid_t pid;

	wait_until_it_runs(vm);
	pid = fork();
	vm_expect(pid >= 0);
	if (pid == 0)
		child(kvm, vcpu);
	ask(kvm);
	vm_expect(waitpid(pid, &status, 0) == pid && status == 0);
	wait_until_it_runs(vm);
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 20;
	struct sigaction action = { .sa_handler = on_signal };
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	pthread_t thread;
	struct vm vm;

	block_sigchld();
	vm_create(&vm, kvm, looping, sizeof(looping));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(sigaction(SIGUSR1, &action, NULL) == 0);
	vm_expect(!pthread_create(&thread, NULL, run_until_signal, &vcpu));
	for (unsigned long i = 0; i < rounds; i++)
		fork_once(kvm, &vm, &vcpu);
	vm_expect(!pthread_kill(thread, SIGUSR1));
	vm_expect(!pthread_join(thread, NULL));
	vm_say("%lu children ran VMs beside a running vCPU\n", rounds);
	return 0;
}
