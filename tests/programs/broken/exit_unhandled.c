/*
 * exit_unhandled: the guest reads from a device's memory, a KVM_EXIT_MMIO that
 * the program has no case for, so it gives up although nothing is wrong with
 * the guest. The sound twin has the device.
 *
 * A tracer says: exit-unhandled. Any KVM.
 */
#include "broken.h"

#define DEVICE 0x20000

static const uint8_t guest[] = {
	0xb8, 0, 0x20,      /* mov ax, 0x2000 */
	0x8e, 0xd8,         /* mov ds, ax: base DEVICE */
	0xa0, 0, 0,         /* mov al, [0] */
	0xe6, CONSOLE_PORT, /* out 0xe9, al */
	0xf4,               /* hlt */
};

int main(void)
{
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	if (sound) {
		vm_expect(vcpu_run(&machine.vcpu) == KVM_EXIT_MMIO);
		vm_expect(machine.vcpu.run->mmio.phys_addr == DEVICE);
		machine.vcpu.run->mmio.data[0] = 'Y';
	}
	return play(&machine.vcpu);
}
