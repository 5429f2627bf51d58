/*
 * device_attr: makes a VFIO device and sets an attribute whose value is behind
 * a pointer; the descriptor in it is no group's, so KVM refuses it.
 *
 * A tracer must show the value: how long it is depends on the kind of device.
 */
#include "vm.h"

int main(void)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_VFIO };
	int group = 12345;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_VFIO_GROUP,
		.attr = KVM_DEV_VFIO_GROUP_ADD,
		.addr = (uintptr_t)&group,
	};
	int kvm = vm_open_kvm();
	int vm = vm_ioctl(kvm, KVM_CREATE_VM, 0);

	if (ioctl(vm, KVM_CREATE_DEVICE, &device) < 0)
		vm_skip("KVM has no VFIO device");
	vm_expect(ioctl(device.fd, KVM_SET_DEVICE_ATTR, &attr) < 0);
	vm_say("a group that is none was refused\n");
	return 0;
}
