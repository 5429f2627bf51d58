/*
 * mmio: a guest writes and reads 1 and 2 bytes outside its slot; the program
 * completes the reads with data, and the guest writes what it got to a port.
 *
 * A tracer must show KVM_EXIT_MMIO both ways, and the data of a read where it
 * exists: in the next KVM_RUN, which completes it.
 */
#include "vm.h"

#define DEVICE 0x20000

static const uint8_t guest[] = {
	0xb8, 0x00, 0x20, /* mov ax, 0x2000 */
	0x8e, 0xd8,	  /* mov ds, ax */
	0xb8, 0x34, 0x12, /* mov ax, 0x1234 */
	0xa2, 0x00, 0x00, /* mov [0], al */
	0xa3, 0x08, 0x00, /* mov [8], ax */
	0xa0, 0x10, 0x00, /* mov al, [16] */
	0xe6, 0x10,	  /* out 0x10, al */
	0xa1, 0x18, 0x00, /* mov ax, [24] */
	0xe7, 0x10,	  /* out 0x10, ax */
	0xf4,		  /* hlt */
};

static void expect_mmio(const struct vcpu *vcpu, int is_write, uint64_t offset,
			uint32_t length)
{
	const struct kvm_run *run = vcpu->run;

	vm_expect(vcpu_run(vcpu) == KVM_EXIT_MMIO);
	vm_expect(run->mmio.phys_addr == DEVICE + offset &&
		  run->mmio.len == length);
	vm_expect(run->mmio.is_write == is_write);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	expect_mmio(&vcpu, 1, 0, 1);
	vm_expect(vcpu.run->mmio.data[0] == 0x34);
	expect_mmio(&vcpu, 1, 8, 2);
	vm_expect(memcmp(vcpu.run->mmio.data, "\x34\x12", 2) == 0);
	expect_mmio(&vcpu, 0, 16, 1);
	vcpu.run->mmio.data[0] = 0xab;
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 0xab);
	expect_mmio(&vcpu, 0, 24, 2);
	memcpy(vcpu.run->mmio.data, "\xef\xcd", 2);
	vm_expect(vcpu_run(&vcpu) == KVM_EXIT_IO && vcpu.run->io.size == 2);
	vm_expect(memcmp(vcpu_io_data(&vcpu), "\xef\xcd", 2) == 0);
	vcpu_expect_halt(&vcpu);
	vm_say("four MMIO accesses, and the guest got the data\n");
	return 0;
}
