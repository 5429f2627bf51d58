/*
 * regs_before_completion: cause 14. The program answers the guest's read and
 * asks for the registers: rip is still at the IN and al has the old value, for
 * KVM finishes a read in the next KVM_RUN only (api.rst, section 5, the note
 * about pending operations). The sound twin enters once with immediate_exit
 * set, which finishes the read and runs nothing.
 *
 * A tracer says: regs-before-completion. Any KVM.
 */
#include "broken.h"

#define KEYBOARD_PORT 0x60

static const uint8_t guest[] = {
	0xb0, 'a',           /* mov al, 'a' */
	0xe4, KEYBOARD_PORT, /* in al, 0x60 */
	0xf4,                /* hlt */
};

static void finish_read(const struct vcpu *vcpu)
{
	vcpu->run->immediate_exit = 1;
	vm_refused(vcpu->fd, KVM_RUN, 0, EINTR);
	vcpu->run->immediate_exit = 0;
}

int main(void)
{
	struct machine machine;
	struct kvm_regs regs;

	machine_create(&machine, guest, sizeof(guest));
	vm_expect(vcpu_run(&machine.vcpu) == KVM_EXIT_IO);
	*(uint8_t *)vcpu_io_data(&machine.vcpu) = 'b';
	if (sound)
		finish_read(&machine.vcpu);
	vm_ioctl(machine.vcpu.fd, KVM_GET_REGS, &regs);
	vm_say("the guest read %c, rip 0x%llx\n", (char)regs.rax, regs.rip);
	return play(&machine.vcpu);
}
