/*
 * signal_before_run: cause 13. A signal is to stop the vCPU, but it comes
 * between the test of the flag and KVM_RUN, is handled there, and nothing stops
 * KVM_RUN any more. The sound handler also sets immediate_exit, which makes the
 * next KVM_RUN return at once. The raise() stands for the unlucky moment.
 *
 * A tracer says: run-never-returned. Any KVM.
 */
#include <signal.h>

#include "broken.h"

static const uint8_t guest[] = { 0xeb, 0xfe /* again: jmp again */ };

static struct kvm_run *volatile kicked;
static volatile sig_atomic_t stop;

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
	if (sound)
		kicked->immediate_exit = 1;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	kicked = machine.vcpu.run;
	vm_expect(sigaction(SIGUSR1, &action, NULL) == 0);
	while (!stop) {
		vm_say("running the guest\n");
		raise(SIGUSR1);
		if (ioctl(machine.vcpu.fd, KVM_RUN, 0) < 0)
			vm_say("KVM_RUN: %s\n", strerrorname_np(errno));
	}
	vm_say("stopped\n");
	return 0;
}
