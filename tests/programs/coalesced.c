/*
 * coalesced: two writes to a registered zone wait in the ring of the vCPU's
 * mapping and don't exit; the next exit finds them there.
 *
 * A tracer must show what waits in the ring, once the guest has exited.
 */
#include "vm.h"

#define DEVICE 0x20000
#define RING_OFFSET (KVM_COALESCED_MMIO_PAGE_OFFSET * 4096)

static const uint8_t guest[] = {
	0xb8, 0x00, 0x20, /* mov ax, 0x2000 */
	0x8e, 0xd8,	  /* mov ds, ax */
	0xb0, 0x11,	  /* mov al, 0x11 */
	0xa2, 0x00, 0x00, /* mov [0], al */
	0xb0, 0x22,	  /* mov al, 0x22 */
	0xa2, 0x04, 0x00, /* mov [4], al */
	0xe6, 0x10,	  /* out 0x10, al */
	0xf4,		  /* hlt */
};

int main(void)
{
	struct kvm_coalesced_mmio_zone zone = { .addr = DEVICE, .size = 16 };
	struct kvm_coalesced_mmio_ring *ring;
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(ioctl(vm.fd, KVM_REGISTER_COALESCED_MMIO, &zone) == 0);
	ring = (void *)((uint8_t *)vcpu.run + RING_OFFSET);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 0x22);
	vm_expect(ring->first == 0 && ring->last == 2);
	vm_expect(ring->coalesced_mmio[1].phys_addr == DEVICE + 4);
	ring->first = ring->last;
	vcpu_expect_halt(&vcpu);
	vm_say("two writes waited in the ring\n");
	return 0;
}
