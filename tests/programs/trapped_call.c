/*
 * trapped_call: makes KVM requests, then gives itself a seccomp filter that
 * answers one of them with SIGSYS; the handler sets the result.
 *
 * A tracer must leave the signal to the program, and the signal must tell of
 * the call where the program made it: in libc's ioctl. The other request must
 * go on as before, and those that the handler answered were never made.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "vm.h"

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define RETURN(action)	    BPF_STMT(BPF_RET | BPF_K, action)
#define CALLS		    5
#define ANSWER		    99
#define IOCTL_BYTES	    256 /* more than libc's function has */

static struct sock_filter rules[] = {
	LOAD(nr),
	UNLESS(SYS_ioctl, 3),
	LOAD(args[1]),
	UNLESS(KVM_GET_API_VERSION, 1),
	RETURN(SECCOMP_RET_TRAP),
	RETURN(SECCOMP_RET_ALLOW),
};

static volatile int trapped, elsewhere;

static int is_in_ioctl(uintptr_t address)
{
	return address - (uintptr_t)ioctl < IOCTL_BYTES;
}

static void on_sigsys(int number, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;

	(void)number;
	trapped++;
	if (!is_in_ioctl((uintptr_t)info->si_call_addr) ||
	    !is_in_ioctl((uintptr_t)registers[REG_RIP]) ||
	    info->si_syscall != SYS_ioctl)
		elsewhere++;
	registers[REG_RAX] = ANSWER;
}

static void confine(void)
{
	struct sock_fprog program = { sizeof(rules) / sizeof(rules[0]), rules };
	struct sigaction action = { .sa_sigaction = on_sigsys,
				    .sa_flags = SA_SIGINFO };

	vm_expect(sigaction(SIGSYS, &action, NULL) == 0);
	vm_expect(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	vm_expect(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void ask(int kvm, int version)
{
	for (int i = 0; i < CALLS; i++) {
		vm_expect(ioctl(kvm, KVM_GET_API_VERSION, 0) == version);
		vm_expect(vm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0) > 0);
	}
}

int main(void)
{
	int kvm = vm_open_kvm();

	ask(kvm, KVM_API_VERSION);
	confine();
	ask(kvm, ANSWER);
	vm_say("%d calls trapped, %d of them not in libc's ioctl\n", trapped,
	       elsewhere);
	return 0;
}
