/*
 * read_not_completed: cause 14. The guest reads a port; the program sees the
 * exit, writes nothing to the port data behind kvm_run, and runs on: the guest
 * gets what was there, 0 on kernels that clear it and older data on others.
 *
 * A tracer says: read-not-completed. Any KVM.
 */
#include "broken.h"

#define KEYBOARD_PORT 0x60

static const uint8_t guest[] = {
	0xb0, 'a', 0xe6, CONSOLE_PORT, /* mov al, 'a'; out 0xe9, al */
	0xe4, KEYBOARD_PORT,           /* in al, 0x60 */
	0xe6, CONSOLE_PORT,            /* out 0xe9, al */
	0xf4,                          /* hlt */
};

int main(void)
{
	struct machine machine;
	uint8_t key = 'b';

	machine_create(&machine, guest, sizeof(guest));
	vm_expect(vcpu_expect_out(&machine.vcpu, CONSOLE_PORT) == 'a');
	vm_expect(vcpu_run(&machine.vcpu) == KVM_EXIT_IO);
	vm_say("the guest reads port 0x%x, the key is %c\n",
	       machine.vcpu.run->io.port, key);
	if (sound)
		*(uint8_t *)vcpu_io_data(&machine.vcpu) = key;
	return play(&machine.vcpu);
}
