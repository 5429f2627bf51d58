/*
 * paged32_on_pvm: legacy 32-bit paging (CR0.PG without EFER.LMA). The PVM
 * flavour of KVM has none: KVM_EXIT_SHUTDOWN at once. The program is right, and
 * runs on hardware KVM. The sound twin does without paging.
 *
 * A tracer says: legacy-paging-on-pvm. PVM only.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('V');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;
	uint32_t *directory;

	machine_create(&machine, guest, sizeof(guest));
	get_sregs(&machine, &sregs);
	set_protected_mode(&sregs);
	if (!sound) { /* one page of 4 MiB */
		directory = (uint32_t *)(machine.vm.memory + TABLES);
		directory[0] = PAGE_P | PAGE_RW | PAGE_PS;
		sregs.cr3 = TABLES;
		sregs.cr4 |= X86_CR4_PSE;
		sregs.cr0 |= X86_CR0_PG;
	}
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
