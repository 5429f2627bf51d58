/*
 * user: changes its user and group, then works. As root it becomes another;
 * status 3: it may not change, as somebody who was given a user must not.
 */
#include <grp.h>
#include <sys/prctl.h>

#include "hostile.h"

int main(void)
{
	int kvm = vm_open_kvm();
	uid_t other = getuid() ? 0 : 65534;

	if (setgroups(0, NULL) || setresgid(other, other, other) ||
	    setresuid(other, other, other)) {
		work_on(kvm);
		return 3;
	}
	vm_expect(prctl(PR_SET_DUMPABLE, 0) == 0);
	work_on(kvm);
	return 0;
}
