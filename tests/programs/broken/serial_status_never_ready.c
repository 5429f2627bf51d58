/*
 * serial_status_never_ready: more. The guest's serial driver waits until the
 * line status register (port 0x3fd) has bit 5, "transmitter empty", before each
 * byte. A program that answers 0 makes it wait for ever; this one counts.
 *
 * A tracer says: serial-never-ready. Any KVM.
 */
#include "broken.h"

#define COM1	 0x3f8
#define COM1_LSR (COM1 + 5)
#define LSR_THRE 0x20 /* transmit-hold-register empty: serial_reg.h */
#define PATIENCE 200

static const uint8_t guest[] = {
	0xba, 0xfd, 0x03, /* mov dx, COM1_LSR */
	0xec,             /* again: in al, dx */
	0xa8, LSR_THRE,   /* test al, LSR_THRE */
	0x74, 0xfb,       /* jz again */
	0xba, 0xf8, 0x03, /* mov dx, COM1 */
	0xb0, 'U',        /* mov al, 'U' */
	0xee,             /* out dx, al */
	0xf4,             /* hlt */
};

static void serve_port(const struct vcpu *vcpu)
{
	uint8_t *data = vcpu_io_data(vcpu);

	if (vcpu->run->io.direction == KVM_EXIT_IO_IN)
		*data = sound && vcpu->run->io.port == COM1_LSR ? LSR_THRE : 0;
	else if (vcpu->run->io.port == COM1)
		vm_say("the guest says %c\n", *data);
}

int main(void)
{
	struct machine machine;
	int exits = 0;

	machine_create(&machine, guest, sizeof(guest));
	while (vcpu_run(&machine.vcpu) == KVM_EXIT_IO) {
		serve_port(&machine.vcpu);
		if (++exits == PATIENCE) {
			vm_say("%d port accesses and not a word\n", exits);
			return 1;
		}
	}
	vm_say("the guest ends with KVM_EXIT_%s\n",
	       exit_name(machine.vcpu.run->exit_reason));
	return 0;
}
