/*
 * irq_line_without_chip: cause 19. KVM_IRQ_LINE sets an input of the interrupt
 * controller in the kernel, but none was made: ENXIO.
 *
 * A tracer says: no-irqchip. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = {
	0xb0, 'O',          /* mov al, 'O' */
	0xe6, CONSOLE_PORT, /* out 0xe9, al */
};

int main(void)
{
	struct kvm_irq_level line = { .irq = 4, .level = 1 };
	struct vcpu vcpu;
	struct vm vm;
	int kvm;

	limit_time();
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	if (sound)
		vm_ioctl(vm.fd, KVM_CREATE_IRQCHIP, 0);
	vcpu_create(&vcpu, kvm, &vm, 0);
	if (!report("KVM_IRQ_LINE", ioctl(vm.fd, KVM_IRQ_LINE, &line)))
		return 1;
	vm_expect(vcpu_expect_out(&vcpu, CONSOLE_PORT) == 'O');
	show_console(&vcpu);
	return 0;
}
