/*
 * dispatched_calls: by syscall user dispatch (prctl(2)) each system call whose
 * instruction is not libc's ioctl becomes SIGSYS, as with Wine.
 *
 * A tracer that makes the call elsewhere for the program must see that it is
 * refused there, and have it made where it is allowed.
 */
#include <signal.h>
#include <sys/prctl.h>

#include "vm.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59 /* Linux 5.11, <linux/prctl.h> */
#define PR_SYS_DISPATCH_ON	     1
#endif
#define LET_THROUGH 0
#define DISPATCH    1
#define CALLS	    20
#define IOCTL_BYTES 256 /* more than libc's function has */

static volatile char selector = LET_THROUGH;
static volatile int dispatched;

/* Its own return is a system call, too. */
static void on_sigsys(int number)
{
	(void)number;
	selector = LET_THROUGH;
	dispatched++;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_sigsys };
	int kvm = vm_open_kvm(), right = 0;

	vm_expect(sigaction(SIGSYS, &action, NULL) == 0);
	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, ioctl,
		  IOCTL_BYTES, &selector))
		vm_skip("skipped: this kernel has no syscall user dispatch: %s",
			strerror(errno));
	for (int i = 0; i < CALLS; i++) {
		selector = DISPATCH;
		right += ioctl(kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION;
		selector = LET_THROUGH;
	}
	vm_say("%d right results, %d calls dispatched\n", right, dispatched);
	return right != CALLS;
}
