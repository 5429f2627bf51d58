/*
 * memory_error: SIGBUS with BUS_MCEERR_AO interrupts KVM_RUN: the kernel tells
 * a VMM that some of its memory is broken, while its threads do other things
 * (QEMU passes that on to its guest). Here the program tells itself.
 *
 * A tracer that takes a fault for its own must not take this one: no thread
 * did anything wrong, and the handler must hear of it.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

#include "vm.h"

#define COUNTER 0x2000

static const uint8_t guest[] = {
	0xe6, 0x10, /* out 0x10, al */
	0xff, 0x06, 0x00, 0x20, /* again: inc word [0x2000] */
	0xeb, 0xfa, /* jmp again */
};

static volatile int handled;

static void on_sigbus(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	handled = info->si_code;
}

/* The only thread that the signal can go to. */
static void *run_until_told(void *arg)
{
	const struct vcpu *vcpu = arg;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGBUS);
	vm_expect(!pthread_sigmask(SIG_UNBLOCK, &set, NULL));
	vcpu_expect_out(vcpu, 0x10);
	vm_refused(vcpu->fd, KVM_RUN, 0, EINTR);
	return NULL;
}

/* The guest counts, so its thread is inside KVM_RUN. */
static void wait_until_it_runs(const struct vm *vm)
{
	volatile uint16_t *counter =
		(volatile uint16_t *)(vm->memory + COUNTER);

	while (!*counter)
		usleep(1000);
}

static void tell(void)
{
	siginfo_t info = { .si_signo = SIGBUS, .si_code = BUS_MCEERR_AO };

	vm_expect(!syscall(SYS_rt_sigqueueinfo, getpid(), SIGBUS, &info));
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_sigbus,
				    .sa_flags = SA_SIGINFO };
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	pthread_t thread;
	struct vm vm;
	sigset_t set;

	vm_limit_cpu();
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(sigaction(SIGBUS, &action, NULL) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGBUS);
	vm_expect(!pthread_sigmask(SIG_BLOCK, &set, NULL));
	vm_expect(!pthread_create(&thread, NULL, run_until_told, &vcpu));
	wait_until_it_runs(&vm);
	tell();
	vm_expect(!pthread_join(thread, NULL));
	vm_say("the handler was told %d\n", handled);
	return handled != BUS_MCEERR_AO;
}
