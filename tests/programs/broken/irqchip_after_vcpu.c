/*
 * irqchip_after_vcpu: cause 19. The interrupt controller is made after a vCPU,
 * which then has no local APIC: EINVAL (kvm_arch_vm_ioctl, x86.c). The sound
 * twin makes it first. Its guest doesn't halt: HLT would wait in the kernel.
 *
 * A tracer says: irqchip-after-vcpu. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = {
	0xb0, 'N',          /* mov al, 'N' */
	0xe6, CONSOLE_PORT, /* out 0xe9, al */
};

int main(void)
{
	struct vcpu vcpu;
	struct vm vm;
	int kvm, ret = 0;

	limit_time();
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	if (sound)
		ret = ioctl(vm.fd, KVM_CREATE_IRQCHIP, 0);
	vcpu_create(&vcpu, kvm, &vm, 0);
	if (!sound)
		ret = ioctl(vm.fd, KVM_CREATE_IRQCHIP, 0);
	if (!report("KVM_CREATE_IRQCHIP", ret))
		return 1;
	vm_expect(vcpu_expect_out(&vcpu, CONSOLE_PORT) == 'N');
	show_console(&vcpu);
	return 0;
}
