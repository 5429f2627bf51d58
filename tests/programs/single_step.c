/*
 * single_step: sets the trap flag around a KVM request, as programs do that
 * look at their own code. The handler of SIGTRAP forks at each instruction; the
 * child goes on from there without the flag, and its result must be right.
 *
 * So every instruction that the program can see must be one where a process may
 * be copied: a child that stands before the request makes it, once, and as
 * itself; one that stands behind it doesn't. The parent makes it once.
 */
#include <signal.h>
#include <sys/wait.h>
#include <ucontext.h>

#include "vm.h"

#define TRAP_FLAG 0x100L

static volatile int steps, wrong, is_child;

static void on_trap(int number, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	pid_t pid = fork();
	int status;

	(void)number;
	(void)info;
	vm_expect(pid >= 0);
	if (pid == 0) {
		is_child = 1;
		registers[REG_EFL] &= ~TRAP_FLAG;
		return;
	}
	vm_expect(waitpid(pid, &status, 0) == pid);
	steps++;
	wrong += status != 0;
}

/* Away from the red zone; the last instruction changes no flags. */
static void set_trap_flag(void)
{
	__asm__ volatile("lea -128(%%rsp), %%rsp\n\t"
			 "pushf\n\t"
			 "orq %0, (%%rsp)\n\t"
			 "popf\n\t"
			 "lea 128(%%rsp), %%rsp"
			 :
			 : "i"(TRAP_FLAG)
			 : "memory", "cc");
}

static void clear_trap_flag(void)
{
	__asm__ volatile("lea -128(%%rsp), %%rsp\n\t"
			 "pushf\n\t"
			 "andq %0, (%%rsp)\n\t"
			 "popf\n\t"
			 "lea 128(%%rsp), %%rsp"
			 :
			 : "i"(~TRAP_FLAG)
			 : "memory", "cc");
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_trap,
				    .sa_flags = SA_SIGINFO };
	int kvm = vm_open_kvm();
	int version;

	vm_expect(sigaction(SIGTRAP, &action, NULL) == 0);
	for (int i = 0; i < 5; i++)
		vm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	set_trap_flag();
	version = ioctl(kvm, KVM_GET_API_VERSION, 0);
	clear_trap_flag();
	if (is_child)
		_exit(version != KVM_API_VERSION);
	vm_expect(version == KVM_API_VERSION && steps > 10);
	vm_say("%d children had a wrong result\n", wrong);
	return wrong != 0;
}
