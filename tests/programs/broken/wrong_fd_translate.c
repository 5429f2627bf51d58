/*
 * wrong_fd_translate: cause 19. KVM_TRANSLATE on the descriptor of the VM, as a
 * widespread hint has it: ENOTTY. It is a request for a vCPU, because CR3 and
 * the mode are a vCPU's (api.rst, 4.15).
 *
 * A tracer says: wrong-descriptor. Any KVM.
 */
#include "broken.h"

static const uint8_t guest[] = SAY_AND_HALT('I');

int main(void)
{
	struct kvm_translation where = { .linear_address = VM_ENTRY };
	struct machine machine;
	int fd;

	machine_create(&machine, guest, sizeof(guest));
	fd = sound ? machine.vcpu.fd : machine.vm.fd;
	if (!report("KVM_TRANSLATE", ioctl(fd, KVM_TRANSLATE, &where)))
		return 1;
	vm_say("0x%llx is physical 0x%llx\n", where.linear_address,
	       where.physical_address);
	return play(&machine.vcpu);
}
