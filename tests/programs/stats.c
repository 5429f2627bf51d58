/*
 * stats: opens a VM's statistics, reads from them, and checks that the file
 * position is where its own reads left it.
 *
 * A tracer may look at the descriptor, but must not move its position.
 */
#include "vm.h"

int main(void)
{
	struct kvm_stats_header header;
	char id[8];
	int kvm = vm_open_kvm();
	int vm = vm_ioctl(kvm, KVM_CREATE_VM, 0);
	int stats;

	if (ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_BINARY_STATS_FD) <= 0)
		vm_skip("KVM has no KVM_CAP_BINARY_STATS_FD");
	stats = vm_ioctl(vm, KVM_GET_STATS_FD, 0);
	vm_expect(read(stats, &header, sizeof(header)) == sizeof(header));
	vm_expect(header.num_desc > 0 && header.id_offset == sizeof(header));
	vm_expect(read(stats, id, 4) == 4 && memcmp(id, "kvm-", 4) == 0);
	vm_say("the statistics begin where they should\n");
	return 0;
}
