/*
 * use_after_fork: cause 19. The VM is made, then the program forks and the
 * child runs it: EIO, because a VM belongs to the address space it was made in
 * (kvm_vcpu_ioctl, kvm_main.c). The sound child makes its own.
 *
 * A tracer says: other-process. Any KVM.
 */
#include <sys/wait.h>

#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('P');

int main(void)
{
	struct machine machine;
	int status;
	pid_t child;

	if (!sound)
		machine_create(&machine, guest, sizeof(guest));
	child = fork();
	vm_expect(child >= 0);
	if (!child) {
		if (sound)
			machine_create(&machine, guest, sizeof(guest));
		return play(&machine.vcpu);
	}
	vm_expect(waitpid(child, &status, 0) == child);
	vm_say("the child ended with %d\n", WEXITSTATUS(status));
	return WEXITSTATUS(status);
}
