/*
 * xcr0_unsupported: cause 4. XCR0 without bit 0: the x87 state can't be left
 * out, nor AVX enabled without SSE (SDM vol. 1, "Enabling the XSAVE Feature
 * Set"). KVM_SET_XCRS gives EINVAL (__kvm_set_xcr, x86.c).
 *
 * A tracer says: xcr0-invalid. Any KVM that has KVM_CAP_XCRS.
 */
#include "broken.h"

#define XCR0_X87 1
#define XCR0_SSE 2

static const uint8_t guest[] = SAY_AND_HALT('H');

int main(void)
{
	struct kvm_xcrs xcrs = { .nr_xcrs = 1 };
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	xcrs.xcrs[0].value = sound ? XCR0_X87 : XCR0_SSE;
	if (!report("KVM_SET_XCRS",
		    ioctl(machine.vcpu.fd, KVM_SET_XCRS, &xcrs)))
		return 1;
	return play(&machine.vcpu);
}
