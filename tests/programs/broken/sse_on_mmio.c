/*
 * sse_on_mmio: cause 10. The compiler made vector instructions of a loop that
 * reads a device's registers. An access where no slot is must be emulated, and
 * KVM's emulator does not know ADDPS: KVM_EXIT_INTERNAL_ERROR, suberror 1. The
 * sound guest reads them with MOV.
 *
 * A tracer says: emulation-failed, with the instruction. Any KVM.
 */
#include "broken.h"

#define DEVICE 0x20000

static const uint8_t bad_guest[] = {
	0xb9, 0, 0, 2, 0, /* mov ecx, DEVICE */
	0x0f, 0x58, 0x01, /* addps xmm0, [ecx] */
	0xf4,             /* hlt */
};
static const uint8_t good_guest[] = {
	0xb9, 0, 0, 2, 0, /* mov ecx, DEVICE */
	0x8b, 0x01,       /* mov eax, [ecx] */
	0xe6, 0xe9,       /* out 0xe9, al */
	0xf4,             /* hlt */
};

/* The device: every register reads as S. */
static int play_device(const struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	vm_ioctl(vcpu->fd, KVM_RUN, 0);
	if (run->exit_reason != KVM_EXIT_MMIO ||
	    run->mmio.phys_addr != DEVICE || run->mmio.is_write) {
		vm_say("no read of the device, but KVM_EXIT_%s\n",
		       exit_name(run->exit_reason));
		return 1;
	}
	memset(run->mmio.data, 'S', run->mmio.len);
	return play(vcpu);
}

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	if (sound)
		machine_create(&machine, good_guest, sizeof(good_guest));
	else
		machine_create(&machine, bad_guest, sizeof(bad_guest));
	get_sregs(&machine, &sregs);
	set_protected_mode(&sregs);
	sregs.cr4 |= X86_CR4_OSFXSR;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play_device(&machine.vcpu);
}
