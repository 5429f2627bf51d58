/*
 * answers: exits that the program answers by members of kvm_run other than
 * the data of a read: an MSR that KVM doesn't know is read and written. The
 * guest writes what it got to a port.
 *
 * A tracer must show each answer in the KVM_RUN that takes it.
 */
#include "vm.h"

#define MSR_NONE 0x4b564dff

static const uint8_t guest[] = {
	0x66, 0xb9, 0xff, 0x4d, 0x56, 0x4b, /* mov ecx, MSR_NONE */
	0x0f, 0x32,			    /* rdmsr */
	0xe6, 0x10,			    /* out 0x10, al */
	0x0f, 0x30,			    /* wrmsr */
	0xf4,				    /* hlt */
};

static void enable(int vm, unsigned int cap, uint64_t value)
{
	struct kvm_enable_cap enable = { .cap = cap, .args = { value } };

	vm_ioctl(vm, KVM_ENABLE_CAP, &enable);
}

static void answer_msrs(int kvm)
{
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	enable(vm.fd, KVM_CAP_X86_USER_SPACE_MSR, KVM_MSR_EXIT_REASON_UNKNOWN |
	       KVM_MSR_EXIT_REASON_INVAL);
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_X86_RDMSR);
	vm_expect(vcpu.run->msr.index == MSR_NONE);
	vcpu.run->msr.data = 0x1122334455667741;
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'A');
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_X86_WRMSR);
	vm_expect(vcpu.run->msr.data == 0x1122334455667741);
	vcpu_expect_halt(&vcpu);
	vcpu_destroy(&vcpu);
	vm_destroy(&vm);
	vm_say("an MSR is read and written\n");
}

int main(void)
{
	int kvm = vm_open_kvm();

	if (ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_X86_USER_SPACE_MSR) <= 0)
		vm_skip("KVM has no KVM_CAP_X86_USER_SPACE_MSR");
	answer_msrs(kvm);
	return 0;
}
