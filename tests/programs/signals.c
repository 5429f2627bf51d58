/*
 * signals: a guest that loops for ever is left by a timer's signal, in each of
 * the ways that hypervisors use: a handler with and without SA_RESTART,
 * immediate_exit set in the handler, and KVM_SET_SIGNAL_MASK.
 *
 * A tracer must deliver each signal at its time, show EINTR with what kvm_run
 * says, and not restart anything. How often the timer fires is not printed.
 */
#include <signal.h>
#include <sys/time.h>

#include "vm.h"

#define TICK_US 10000
#define ROUNDS 3

/* struct kvm_signal_mask with its array's size. */
struct signal_mask {
	__u32 len;
	uint8_t set[8];
};

static const uint8_t guest[] = {
	0xeb, 0xfe, /* jmp $ */
};

/* What the handler tells: KVM needs it in memory that the handler can reach. */
static struct kvm_run *volatile run_to_leave;
static volatile sig_atomic_t fired;

static void on_alarm(int number)
{
	(void)number;
	fired = 1;
	if (run_to_leave)
		run_to_leave->immediate_exit = 1;
}

static void set_handler(int flags)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = flags };

	vm_expect(sigaction(SIGALRM, &action, NULL) == 0);
}

/* A tick that comes before KVM_RUN is lost; the next one is not. */
static void set_timer(long us)
{
	struct itimerval timer = {
		.it_interval.tv_usec = us,
		.it_value.tv_usec = us,
	};

	vm_expect(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

static void interrupted_runs(const struct vcpu *vcpu, const char *how)
{
	set_timer(TICK_US);
	for (int i = 0; i < ROUNDS; i++) {
		fired = 0;
		vm_refused(vcpu->fd, KVM_RUN, 0, EINTR);
		vm_expect(fired && vcpu->run->exit_reason == KVM_EXIT_INTR);
	}
	set_timer(0);
	vm_say("%s: EINTR\n", how);
}

/* A single shot would do: the flag keeps KVM_RUN from starting. */
static void immediate_exit(const struct vcpu *vcpu)
{
	run_to_leave = vcpu->run;
	set_timer(TICK_US);
	for (int i = 0; i < ROUNDS; i++) {
		vm_refused(vcpu->fd, KVM_RUN, 0, EINTR);
		vm_expect(vcpu->run->immediate_exit == 1);
		vcpu->run->immediate_exit = 0;
	}
	set_timer(0);
	run_to_leave = NULL;
	vcpu->run->immediate_exit = 1;
	vm_refused(vcpu->fd, KVM_RUN, 0, EINTR);
	vcpu->run->immediate_exit = 0;
	vm_say("immediate_exit: EINTR\n");
}

/* The signal is blocked outside KVM_RUN: it stays pending, no handler runs. */
static void signal_mask(const struct vcpu *vcpu)
{
	struct signal_mask open_inside = { .len = 8 };
	sigset_t alarm_only;
	int number;

	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	vm_expect(sigprocmask(SIG_BLOCK, &alarm_only, NULL) == 0);
	vm_ioctl(vcpu->fd, KVM_SET_SIGNAL_MASK, &open_inside);
	fired = 0;
	set_timer(TICK_US);
	for (int i = 0; i < ROUNDS; i++) {
		vm_refused(vcpu->fd, KVM_RUN, 0, EINTR);
		vm_expect(sigwait(&alarm_only, &number) == 0 &&
			  number == SIGALRM);
	}
	set_timer(0);
	vm_expect(!fired);
	vm_say("KVM_SET_SIGNAL_MASK: EINTR, and the signal waited\n");
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_limit_cpu();
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	set_handler(0);
	interrupted_runs(&vcpu, "handler");
	set_handler(SA_RESTART);
	interrupted_runs(&vcpu, "handler with SA_RESTART");
	immediate_exit(&vcpu);
	signal_mask(&vcpu);
	return 0;
}
