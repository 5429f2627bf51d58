/*
 * run_mapped_too_small: more. kvm_run is mapped with the size of the structure.
 * The data of a port access is in the page behind it, at io.data_offset: what
 * KVM_GET_VCPU_MMAP_SIZE says must be mapped. Reading there is reading
 * somebody else's memory or a SIGSEGV; this program looks before it reads.
 *
 * A tracer says: run-data-unmapped. Any KVM.
 */
#include "broken.h"

#define PAGE 4096

static const uint8_t guest[] = SAY_AND_HALT('S');

static size_t run_bytes(int kvm)
{
	if (sound)
		return vm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	return sizeof(struct kvm_run);
}

int main(void)
{
	struct vcpu vcpu;
	struct vm vm;
	int kvm;

	limit_time();
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu.fd = vm_ioctl(vm.fd, KVM_CREATE_VCPU, 0);
	vcpu.run_bytes = run_bytes(kvm);
	vcpu.run = vcpu_map(vcpu.fd, vcpu.run_bytes, MAP_SHARED);
	vcpu_start(&vcpu, 0);
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_IO);
	/* The kernel maps whole pages. */
	if (vcpu.run->io.data_offset >=
	    (vcpu.run_bytes + PAGE - 1) / PAGE * PAGE) {
		vm_say("the port data is outside what is mapped\n");
		return 1;
	}
	show_console(&vcpu);
	return play(&vcpu);
}
