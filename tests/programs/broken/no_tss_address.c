/*
 * no_tss_address: cause 5. Nobody called KVM_SET_TSS_ADDR. Intel processors
 * without "unrestricted guest" run real mode as a virtual-8086 task and need
 * three pages for it (api.rst, 4.36): KVM_RUN fails there. Others don't care.
 *
 * A tracer says: tss-address-missing. Intel; golden-causes has that run.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('D');

int main(void)
{
	struct vcpu vcpu;
	struct vm vm;
	int kvm;

	limit_time();
	kvm = vm_open_kvm();
	vm.fd = vm_ioctl(kvm, KVM_CREATE_VM, 0);
	if (sound)
		vm_ioctl(vm.fd, KVM_SET_TSS_ADDR, 0xfffbd000);
	vm_fill(&vm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	return play(&vcpu);
}
