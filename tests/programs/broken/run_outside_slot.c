/*
 * run_outside_slot: cause 10. The guest jumps behind its last byte of memory:
 * KVM can't fetch an instruction from where no slot is, and gives up with
 * KVM_EXIT_INTERNAL_ERROR, suberror 1 (KVM_INTERNAL_ERROR_EMULATION).
 *
 * A tracer says: fetch-outside-memory. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = {
	0xb0, 'R', 0xe6, 0xe9, /* mov al, 'R'; out 0xe9, al */
	0xb8, 0, 0, 2, 0,      /* mov eax, 0x20000 */
	0xff, 0xe0,            /* jmp eax */
};
static const uint8_t there[] = { 0xf4 /* hlt */ };

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create(&machine, guest, sizeof(guest));
	get_sregs(&machine, &sregs);
	set_protected_mode(&sregs);
	if (sound) { /* the address of the target is in the mov */
		machine.vm.memory[VM_ENTRY + 5] = 0;
		machine.vm.memory[VM_ENTRY + 6] = 0x20;
		machine.vm.memory[VM_ENTRY + 7] = 0;
		memcpy(machine.vm.memory + 0x2000, there, sizeof(there));
	}
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
