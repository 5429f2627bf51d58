/*
 * immediate_exit_stuck: cause 13. kvm_run->immediate_exit is set to interrupt
 * the vCPU and never cleared: KVM does not clear it, so each KVM_RUN from then
 * on gives EINTR at once and the guest never runs again.
 *
 * A tracer says: immediate-exit-stuck. Any KVM that has KVM_CAP_IMMEDIATE_EXIT.
 */
#include "broken.h"

#define PATIENCE 50

static const uint8_t guest[] = SAY_AND_HALT('Z');

int main(void)
{
	struct machine machine;
	int tries = 0;

	machine_create(&machine, guest, sizeof(guest));
	machine.vcpu.run->immediate_exit = 1;
	while (ioctl(machine.vcpu.fd, KVM_RUN, 0) < 0) {
		vm_expect(errno == EINTR);
		if (sound)
			machine.vcpu.run->immediate_exit = 0;
		if (++tries == PATIENCE) {
			vm_say("interrupted %d times, giving up\n", tries);
			return 1;
		}
	}
	show_console(&machine.vcpu);
	return play(&machine.vcpu);
}
