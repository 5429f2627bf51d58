/*
 * reset_vector: cause 9. Nobody changed the special registers, so cs.base is
 * still 0xffff0000, as after a reset: the processor fetches from there plus
 * rip, where no slot is.
 *
 * A tracer says: reset-cs-base. Any KVM; the exit is MMIO or INTERNAL_ERROR.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('Q');

int main(void)
{
	struct kvm_regs regs = { .rip = VM_ENTRY, .rflags = 2 };
	struct kvm_sregs sregs;
	struct vcpu vcpu;
	struct vm vm;
	int kvm;

	limit_time();
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu.run_bytes = vm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu.fd = vm_ioctl(vm.fd, KVM_CREATE_VCPU, 0);
	vcpu.run = vcpu_map(vcpu.fd, vcpu.run_bytes, MAP_SHARED);
	if (sound) {
		vm_ioctl(vcpu.fd, KVM_GET_SREGS, &sregs);
		sregs.cs.base = 0;
		sregs.cs.selector = 0;
		vm_ioctl(vcpu.fd, KVM_SET_SREGS, &sregs);
	}
	vm_ioctl(vcpu.fd, KVM_SET_REGS, &regs);
	return play(&vcpu);
}
