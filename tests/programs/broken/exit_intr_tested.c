/*
 * exit_intr_tested: cause 12. The result of KVM_RUN is not looked at: an
 * interrupted run is to be known by KVM_EXIT_INTR. But where the signal's
 * handler sets immediate_exit, as it should, KVM_RUN fails with EINTR before
 * the guest runs and leaves no such reason: "unknown exit".
 *
 * A tracer says: eintr-taken-as-fatal. Any KVM.
 */
#include <signal.h>

#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('Y');

static struct kvm_run *volatile kicked;

static void on_signal(int signal)
{
	(void)signal;
	kicked->immediate_exit = 1;
}

/* One run; false when it was interrupted. */
static bool run_once(const struct vcpu *vcpu)
{
	int ret = ioctl(vcpu->fd, KVM_RUN, 0);

	if (sound)
		return ret == 0;
	return vcpu->run->exit_reason != KVM_EXIT_INTR;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	kicked = machine.vcpu.run;
	vm_expect(sigaction(SIGUSR1, &action, NULL) == 0);
	vm_expect(raise(SIGUSR1) == 0);
	while (!run_once(&machine.vcpu))
		machine.vcpu.run->immediate_exit = 0;
	if (!is_console(machine.vcpu.run)) {
		vm_say("unknown exit: KVM_EXIT_%s\n",
		       exit_name(machine.vcpu.run->exit_reason));
		return 1;
	}
	show_console(&machine.vcpu);
	return play(&machine.vcpu);
}
