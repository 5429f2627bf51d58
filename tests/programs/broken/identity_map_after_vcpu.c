/*
 * identity_map_after_vcpu: cause 5. KVM_SET_IDENTITY_MAP_ADDR must come before
 * the first vCPU: EINVAL afterwards (api.rst, 4.40).
 *
 * A tracer says: identity-map-after-vcpu. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('Q');

int main(void)
{
	uint64_t address = 0xfffbc000;
	struct vcpu vcpu;
	struct vm vm;
	int kvm, ret = 0;

	limit_time();
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	if (sound)
		ret = ioctl(vm.fd, KVM_SET_IDENTITY_MAP_ADDR, &address);
	vcpu_create(&vcpu, kvm, &vm, 0);
	if (!sound)
		ret = ioctl(vm.fd, KVM_SET_IDENTITY_MAP_ADDR, &address);
	if (!report("KVM_SET_IDENTITY_MAP_ADDR", ret))
		return 1;
	return play(&vcpu);
}
