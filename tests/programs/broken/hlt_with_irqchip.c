/*
 * hlt_with_irqchip: cause 11. With an interrupt controller in the kernel, HLT
 * waits there for an interrupt: there is no KVM_EXIT_HLT, and KVM_RUN does not
 * return. The alarm ends the program; the sound twin makes no controller.
 *
 * A tracer says: hlt-in-kernel-irqchip. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('W');

int main(void)
{
	struct vcpu vcpu;
	struct vm vm;
	int kvm;

	limit_time();
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	if (!sound)
		vm_ioctl(vm.fd, KVM_CREATE_IRQCHIP, 0);
	vcpu_create(&vcpu, kvm, &vm, 0);
	return play(&vcpu);
}
