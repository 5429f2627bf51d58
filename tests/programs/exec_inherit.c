/*
 * exec_inherit: makes a VM and a vCPU that survive exec, and execs itself with
 * their numbers. The new image has another address space, so the old VM is
 * EIO; the vCPU's kvm_run can still be mapped and read; /dev/kvm works.
 *
 * A tracer must forget every mapping at exec, keep the descriptors' roles, and
 * drop those that are close-on-exec: /dev/null takes one of the numbers.
 */
#include "vm.h"

static const uint8_t guest_old[] = VM_HELLO('O');
static const uint8_t guest_new[] = VM_HELLO('N');

static void keep_over_exec(int fd)
{
	vm_expect(fcntl(fd, F_SETFD, 0) == 0);
}

static int before(const char *self)
{
	int kvm = vm_open_kvm();
	char numbers[4][16];
	struct vcpu vcpu;
	struct vm vm;
	int lost;

	vm_create(&vm, kvm, guest_old, sizeof(guest_old));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'O');
	lost = fcntl(vm.fd, F_DUPFD_CLOEXEC, 0);
	vm_expect(lost >= 0);
	keep_over_exec(kvm);
	keep_over_exec(vm.fd);
	keep_over_exec(vcpu.fd);
	snprintf(numbers[0], sizeof(numbers[0]), "%d", kvm);
	snprintf(numbers[1], sizeof(numbers[1]), "%d", vm.fd);
	snprintf(numbers[2], sizeof(numbers[2]), "%d", vcpu.fd);
	snprintf(numbers[3], sizeof(numbers[3]), "%d", lost);
	execl("/proc/self/exe", self, numbers[0], numbers[1], numbers[2],
	      numbers[3], (char *)NULL);
	vm_die("exec of itself fails: %s", strerror(errno));
}

static void use_inherited(int kvm, int vm, int vcpu)
{
	size_t bytes = vm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	const struct kvm_run *run = vcpu_map(vcpu, bytes, MAP_SHARED);
	struct kvm_regs regs;

	vm_expect(run->exit_reason == KVM_EXIT_IO && run->io.port == 0x10);
	vm_refused(vcpu, KVM_RUN, 0, EIO);
	vm_refused(vcpu, KVM_GET_REGS, &regs, EIO);
	vm_refused(vm, KVM_CREATE_VCPU, 1, EIO);
	vm_say("inherited: kvm_run readable, the VM refuses\n");
}

static void run_new_one(int kvm)
{
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest_new, sizeof(guest_new));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'N');
	vm_say("the new image ran its own VM\n");
}

int main(int argc, char **argv)
{
	struct kvm_regs regs;
	int lost;

	if (argc < 5)
		return before(argv[0]);
	lost = atoi(argv[4]);
	vm_refused(lost, KVM_CREATE_VCPU, 2, EBADF);
	vm_expect(open("/dev/null", O_RDWR) == lost);
	vm_refused(lost, KVM_GET_REGS, &regs, ENOTTY);
	use_inherited(atoi(argv[1]), atoi(argv[2]), atoi(argv[3]));
	run_new_one(atoi(argv[1]));
	return 0;
}
