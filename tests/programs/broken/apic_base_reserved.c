/*
 * apic_base_reserved: cause 4. apic_base is set with a bit beyond the physical
 * addresses: KVM_SET_SREGS gives EINVAL (kvm_set_apic_base, lapic.c).
 *
 * A tracer says: apic-base-invalid. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('A');

int main(void)
{
	struct machine machine;
	struct kvm_sregs sregs;

	machine_create(&machine, guest, sizeof(guest));
	get_sregs(&machine, &sregs);
	if (!sound)
		sregs.apic_base |= 1ULL << 60;
	if (!try_sregs(&machine, &sregs))
		return 1;
	return play(&machine.vcpu);
}
