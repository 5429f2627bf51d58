/*
 * code16_with_db: more. 16-bit code in a segment whose cs.db says 32: nothing
 * fails, but MOV AX takes four bytes of immediate in place of two and swallows
 * the next instruction.
 *
 * A tracer says: code-width. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = {
	0xb8, 'U', 0,       /* mov ax, 'U' */
	0x04, 1,            /* add al, 1: with db = 1 part of the mov */
	0xe6, CONSOLE_PORT, /* out 0xe9, al */
	0xf4,               /* hlt */
};

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create(&machine, guest, sizeof(guest));
	get_sregs(&machine, &sregs);
	if (!sound)
		sregs.cs.db = 1;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
