/*
 * nx_without_nxe: cause 8. The entry of the stack's page has the NX bit, as a
 * kernel's would, but EFER.NXE is clear: then bit 63 is reserved (SDM vol. 3,
 * "4-Level Paging"), and the first push is a page fault that nobody handles.
 *
 * A tracer says: nx-without-nxe. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = {
	0xb0, 'N', 0xe6, 0xe9, /* mov al, 'N'; out 0xe9, al */
	0x50,                  /* push rax */
	0xf4,                  /* hlt */
};

int main(void)
{
	struct kvm_regs regs = { .rip = VM_ENTRY,
				 .rsp = STACK_TOP,
				 .rflags = 2 };
	struct machine machine;
	struct kvm_sregs sregs;
	uint64_t *table;

	machine_create_long(&machine, &sregs, guest, sizeof(guest));
	table = (uint64_t *)(machine.vm.memory + TABLES + 0x3000);
	table[STACK_TOP / 0x1000 - 1] |= PAGE_NX;
	if (sound)
		sregs.efer |= EFER_NXE;
	if (!try_sregs(&machine, &sregs))
		return 1;
	vm_ioctl(machine.vcpu.fd, KVM_SET_REGS, &regs);
	return play(&machine.vcpu);
}
