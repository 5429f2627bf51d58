/*
 * xcr0_without_cpuid: cause 4. SSE is switched on in XCR0, but the vCPU was
 * given no CPUID, so it has x87 only: KVM_SET_XCRS gives EINVAL (__kvm_set_xcr,
 * x86.c, goes by leaf 0xd).
 *
 * A tracer says: xcr0-invalid. Any KVM that has KVM_CAP_XCRS.
 */
#include "broken.h"

#define XCR0_X87 1
#define XCR0_SSE 2

static const uint8_t guest[] = SAY_AND_HALT('X');

int main(void)
{
	struct kvm_xcrs xcrs = { .nr_xcrs = 1 };
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	xcrs.xcrs[0].value = sound ? XCR0_X87 : XCR0_X87 | XCR0_SSE;
	if (!report("KVM_SET_XCRS",
		    ioctl(machine.vcpu.fd, KVM_SET_XCRS, &xcrs)))
		return 1;
	return play(&machine.vcpu);
}
