/*
 * ring_map: one vCPU mapped at every offset there is: kvm_run twice, the page
 * of port data, the coalesced MMIO ring, and the ring of dirty pages where KVM
 * has one. The first mapping of kvm_run goes, the second does the work.
 *
 * A tracer must take a mapping at offset 0 for kvm_run, no other, and live on
 * when the one it knew is unmapped.
 */
#include "vm.h"

#ifndef KVM_DIRTY_GFN_F_DIRTY
#define KVM_DIRTY_GFN_F_DIRTY (1 << 0)
#endif

#define DIRTY_RING_BYTES 0x10000
#define PAGE 4096

static const uint8_t guest[] = {
	0xa2, 0x00, 0x20, /* mov [0x2000], al: dirties page 2 */
	0xb0, 'M',	  /* mov al, 'M' */
	0xe6, 0x10,	  /* out 0x10, al */
	0xf4,		  /* hlt */
};

static void *map_page(int vcpu, size_t bytes, off_t page)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu,
			page * PAGE);

	vm_expect(at != MAP_FAILED);
	return at;
}

/* The ring must be asked for before the first vCPU: api.rst. */
static int want_dirty_ring(const struct vm *vm)
{
	struct kvm_enable_cap ring = { .cap = KVM_CAP_DIRTY_LOG_RING };

	ring.args[0] = DIRTY_RING_BYTES;
	if (ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_DIRTY_LOG_RING) <
	    DIRTY_RING_BYTES) {
		vm_say("no dirty ring here\n");
		return 0;
	}
	vm_ioctl(vm->fd, KVM_ENABLE_CAP, &ring);
	return 1;
}

static void log_dirty_pages(const struct vm *vm)
{
	struct kvm_userspace_memory_region slot = {
		.flags = KVM_MEM_LOG_DIRTY_PAGES,
		.memory_size = VM_BYTES,
		.userspace_addr = (uintptr_t)vm->memory,
	};

	vm_ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot);
}

static void check_dirty_ring(const struct kvm_dirty_gfn *ring)
{
	int found = 0;

	for (size_t i = 0; i < DIRTY_RING_BYTES / sizeof(*ring); i++)
		if (ring[i].flags & KVM_DIRTY_GFN_F_DIRTY &&
		    ring[i].offset == 2)
			found = 1;
	vm_expect(found);
	vm_say("the dirty ring has page 2\n");
}

static void map_coalesced_ring(const struct vm *vm, const struct vcpu *vcpu)
{
	int page = ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_COALESCED_MMIO);
	const struct kvm_coalesced_mmio_ring *ring;

	if (page <= 0) {
		vm_say("no coalesced MMIO ring here\n");
		return;
	}
	vm_expect(page == KVM_COALESCED_MMIO_PAGE_OFFSET);
	ring = map_page(vcpu->fd, PAGE, page);
	vm_expect(ring->first == ring->last);
}

int main(void)
{
	const struct kvm_dirty_gfn *dirty = NULL;
	int kvm = vm_open_kvm();
	struct kvm_run *second;
	const uint8_t *port_data;
	struct vcpu vcpu;
	struct vm vm;
	int has_ring;

	vm_create(&vm, kvm, guest, sizeof(guest));
	has_ring = want_dirty_ring(&vm);
	log_dirty_pages(&vm);
	vcpu_create(&vcpu, kvm, &vm, 0);
	port_data = map_page(vcpu.fd, PAGE, KVM_PIO_PAGE_OFFSET);
	map_coalesced_ring(&vm, &vcpu);
	if (has_ring)
		dirty = map_page(vcpu.fd, DIRTY_RING_BYTES,
				 KVM_DIRTY_LOG_PAGE_OFFSET);
	second = map_page(vcpu.fd, vcpu.run_bytes, 0);
	vm_expect(munmap(vcpu.run, vcpu.run_bytes) == 0);
	vcpu.run = second;
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'M' && *port_data == 'M');
	vcpu_expect_halt(&vcpu);
	if (has_ring)
		check_dirty_ring(dirty);
	vm_say("the second mapping did the work\n");
	return 0;
}
