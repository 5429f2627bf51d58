/*
 * selfstop: a child stops itself between two runs, and is stopped again while
 * its guest loops; each time the parent sees it stopped and continues it, as a
 * shell does with a job.
 *
 * A tracer must let a group stop be one: the parent's waitpid must see it, the
 * child must stay stopped until SIGCONT, and then go on.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "vm.h"

static const uint8_t guest[] = {
	0xb0, 'T',  /* mov al, 'T' */
	0xe6, 0x10, /* out 0x10, al */
	0xeb, 0xfe, /* jmp $ */
};

static struct kvm_run *volatile run_to_leave;

static void leave(int number)
{
	(void)number;
	run_to_leave->immediate_exit = 1;
}

/* Ends at SIGUSR1; the stop and the continuation may show as EINTR before. */
static int stop_and_run(const struct vcpu *vcpu)
{
	struct sigaction action = { .sa_handler = leave };

	run_to_leave = vcpu->run;
	vm_expect(sigaction(SIGUSR1, &action, NULL) == 0);
	vm_expect(vcpu_expect_out(vcpu, 0x10) == 'T');
	vm_expect(raise(SIGSTOP) == 0);
	while (!vcpu->run->immediate_exit)
		vm_refused(vcpu->fd, KVM_RUN, 0, EINTR);
	return 0;
}

static int child(int kvm)
{
	struct vcpu vcpu;
	struct vm vm;

	vm_limit_cpu();
	vm_expect(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	return stop_and_run(&vcpu);
}

static void expect_stop_and_continue(pid_t pid)
{
	int status;

	vm_expect(waitpid(pid, &status, WUNTRACED) == pid);
	vm_expect(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	vm_expect(kill(pid, SIGCONT) == 0);
	vm_expect(waitpid(pid, &status, WCONTINUED) == pid &&
		  WIFCONTINUED(status));
	vm_say("stopped and continued\n");
}

/* Nothing tells that the child is in KVM_RUN by now; most often it is. */
static void stop_the_run(pid_t pid)
{
	usleep(50000);
	vm_expect(kill(pid, SIGSTOP) == 0);
	expect_stop_and_continue(pid);
}

int main(void)
{
	int kvm = vm_open_kvm();
	int status;
	pid_t pid;

	alarm(5);
	pid = fork();
	vm_expect(pid >= 0);
	if (pid == 0)
		return child(kvm);
	expect_stop_and_continue(pid);
	stop_the_run(pid);
	usleep(50000);
	vm_expect(kill(pid, SIGUSR1) == 0);
	vm_expect(waitpid(pid, &status, 0) == pid && status == 0);
	vm_say("the child ended by itself\n");
	return 0;
}
