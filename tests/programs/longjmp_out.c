/*
 * longjmp_out: a signal handler leaves KVM_RUN by siglongjmp, three times; the
 * ioctl never returns to its caller. Then another VM runs.
 *
 * A tracer must not wait for a call that the program has left, nor take the
 * next call's end for it.
 */
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

#include "vm.h"

static const uint8_t looping[] = {
	0xeb, 0xfe, /* jmp $ */
};
static const uint8_t hello[] = VM_HELLO('J');

static sigjmp_buf out;

static void on_alarm(int number)
{
	siglongjmp(out, number);
}

/* One shot: a jump out of anything else would be the program's own bug. */
static void jump_out(const struct vcpu *vcpu)
{
	struct itimerval timer = { { 0, 0 }, { 0, 50000 } };

	if (sigsetjmp(out, 1) == 0) {
		vm_expect(setitimer(ITIMER_REAL, &timer, NULL) == 0);
		ioctl(vcpu->fd, KVM_RUN, 0);
		vm_die("KVM_RUN returned to its caller");
	}
	vm_expect(vcpu->run->exit_reason == KVM_EXIT_INTR);
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	int kvm = vm_open_kvm();
	struct vcpu left, other;
	struct vm a, b;

	vm_limit_cpu();
	vm_expect(sigaction(SIGALRM, &action, NULL) == 0);
	vm_create(&a, kvm, looping, sizeof(looping));
	vm_create(&b, kvm, hello, sizeof(hello));
	vcpu_create(&left, kvm, &a, 0);
	vcpu_create(&other, kvm, &b, 0);
	for (int i = 0; i < 3; i++)
		jump_out(&left);
	vcpu_expect_hello(&other, 'J');
	vm_say("out three times, and another VM ran\n");
	return 0;
}
