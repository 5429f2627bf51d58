/*
 * run_maps: kvm_run where it isn't expected, one VM for each: not mapped at
 * all, mapped with sizeof(struct kvm_run) in place of KVM_GET_VCPU_MMAP_SIZE,
 * and moved by mremap between two runs.
 *
 * A tracer must not take what lies behind a short mapping for the port data,
 * must follow a mapping that moves, and must not say that an exit is missing
 * of a KVM_RUN that was refused.
 */
#include "vm.h"

#define PAGE 4096

static const uint8_t guest[] = {
	0xb0, 'a',  /* mov al, 'a' */
	0xe6, 0x10, /* out 0x10, al */
	0xb0, 'b',  /* mov al, 'b' */
	0xe6, 0x10, /* out 0x10, al */
	0xf4,	    /* hlt */
};

static void not_mapped(int kvm)
{
	struct vm vm;
	int vcpu;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu = vm_ioctl(vm.fd, KVM_CREATE_VCPU, 0);
	vm_refused(vcpu, KVM_RUN, 5, EINVAL);
	vm_expect(close(vcpu) == 0);
	vm_destroy(&vm);
	vm_say("not mapped: KVM_RUN with an argument is refused\n");
}

/* Behind it, where data_offset points, lies memory that is not KVM's. */
static void mapped_short(int kvm)
{
	struct vcpu vcpu = { .run_bytes = sizeof(struct kvm_run) };
	struct vm vm;
	char *place = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm_expect(place != MAP_FAILED && sizeof(struct kvm_run) <= PAGE);
	memset(place, 'x', 2 * PAGE);
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu.fd = vm_ioctl(vm.fd, KVM_CREATE_VCPU, 0);
	vcpu.run = mmap(place, vcpu.run_bytes, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_FIXED, vcpu.fd, 0);
	vm_expect(vcpu.run == (void *)place);
	vcpu_start(&vcpu, 0);
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_IO &&
		  vcpu.run->io.data_offset >= PAGE);
	vm_expect(*(char *)vcpu_io_data(&vcpu) == 'x');
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_IO);
	vcpu_expect_halt(&vcpu);
	vm_say("mapped short: the port data lies outside\n");
}

static void moved(int kvm)
{
	struct vcpu vcpu;
	struct kvm_run *old;
	void *aim;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'a');
	aim = mmap(NULL, vcpu.run_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
	vm_expect(aim != MAP_FAILED);
	old = vcpu.run;
	vcpu.run = mremap(old, vcpu.run_bytes, vcpu.run_bytes,
			  MREMAP_MAYMOVE | MREMAP_FIXED, aim);
	vm_expect(vcpu.run == aim && vcpu.run != old);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'b');
	vcpu_expect_halt(&vcpu);
	vm_say("moved: the exits are at the new place\n");
}

int main(void)
{
	int kvm = vm_open_kvm();

	not_mapped(kvm);
	mapped_short(kvm);
	moved(kvm);
	return 0;
}
