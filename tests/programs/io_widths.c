/*
 * io_widths: OUT and IN of 1, 2 and 4 bytes, on ports by number and in DX.
 *
 * A tracer must show each size, and as many bytes as that.
 */
#include "vm.h"

static const uint8_t guest[] = {
	0xba, 0xcd, 0xab,		    /* mov dx, 0xabcd */
	0x66, 0xb8, 0x78, 0x56, 0x34, 0x12, /* mov eax, 0x12345678 */
	0xe6, 0x10,			    /* out 0x10, al */
	0xe7, 0x10,			    /* out 0x10, ax */
	0x66, 0xe7, 0x10,		    /* out 0x10, eax */
	0xee,				    /* out dx, al */
	0xef,				    /* out dx, ax */
	0x66, 0xef,			    /* out dx, eax */
	0xe4, 0x10,			    /* in al, 0x10 */
	0xe5, 0x10,			    /* in ax, 0x10 */
	0x66, 0xe5, 0x10,		    /* in eax, 0x10 */
	0xec,				    /* in al, dx */
	0xed,				    /* in ax, dx */
	0x66, 0xed,			    /* in eax, dx */
	0x66, 0xe7, 0x10,		    /* out 0x10, eax */
	0xf4,				    /* hlt */
};

static void expect_io(const struct vcpu *vcpu, int direction, uint16_t port,
		      uint8_t size, const char *data)
{
	vm_expect(vcpu_run(vcpu) == KVM_EXIT_IO);
	vm_expect(vcpu->run->io.direction == direction &&
		  vcpu->run->io.port == port);
	vm_expect(vcpu->run->io.size == size && vcpu->run->io.count == 1);
	if (direction == KVM_EXIT_IO_OUT)
		vm_expect(memcmp(vcpu_io_data(vcpu), data, size) == 0);
	else
		memcpy(vcpu_io_data(vcpu), data, size);
}

static void expect_widths(const struct vcpu *vcpu, int direction, uint16_t port,
			  const char *data)
{
	for (uint8_t size = 1; size <= 4; size *= 2)
		expect_io(vcpu, direction, port, size, data);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	expect_widths(&vcpu, KVM_EXIT_IO_OUT, 0x10, "\x78\x56\x34\x12");
	expect_widths(&vcpu, KVM_EXIT_IO_OUT, 0xabcd, "\x78\x56\x34\x12");
	expect_widths(&vcpu, KVM_EXIT_IO_IN, 0x10, "\x01\x02\x03\x04");
	expect_widths(&vcpu, KVM_EXIT_IO_IN, 0xabcd, "\xf1\xf2\xf3\xf4");
	expect_io(&vcpu, KVM_EXIT_IO_OUT, 0x10, 4, "\xf1\xf2\xf3\xf4");
	vcpu_expect_halt(&vcpu);
	vm_say("13 accesses of 1, 2 and 4 bytes\n");
	return 0;
}
