/*
 * dups: each KVM descriptor moves: dup, dup2, dup3, F_DUPFD, F_DUPFD_CLOEXEC;
 * the originals are closed and the guest runs through the copies. Then
 * /dev/null goes over a VM's number, and close_range takes the rest.
 *
 * A tracer must know a copy's role, and that a number covered by dup2 has lost
 * the one it had.
 */
#include "vm.h"

#define HIGH 100

static const uint8_t guest[] = {
	0xb0, 'd',  /* again: mov al, 'd' */
	0xe6, 0x10, /* out 0x10, al */
	0xeb, 0xfa, /* jmp again */
};

/* One copy in place of another, in five ways. */
static int move(int fd, int way)
{
	int to;

	switch (way) {
	case 0:
		to = dup(fd);
		break;
	case 1:
		to = dup2(fd, HIGH);
		break;
	case 2:
		to = dup3(fd, HIGH + 1, O_CLOEXEC);
		break;
	case 3:
		to = fcntl(fd, F_DUPFD, HIGH);
		break;
	default:
		to = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
		break;
	}
	vm_expect(to >= 0 && close(fd) == 0);
	return to;
}

static void move_all(int *kvm, struct vm *vm, struct vcpu *vcpu, int way)
{
	struct kvm_regs regs;

	*kvm = move(*kvm, way);
	vm_expect(vm_ioctl(*kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION);
	*kvm = fcntl(*kvm, F_DUPFD, 200 + way);
	vm->fd = move(vm->fd, way);
	vm_expect(vm_ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY) ==
		  1);
	vm->fd = fcntl(vm->fd, F_DUPFD, 300 + way);
	vcpu->fd = move(vcpu->fd, way);
	vm_ioctl(vcpu->fd, KVM_GET_REGS, &regs);
	vm_expect(vcpu_expect_out(vcpu, 0x10) == 'd');
}

static void cover(int fd)
{
	int null = open("/dev/null", O_RDWR);

	vm_expect(null >= 0 && dup2(null, fd) == fd);
	vm_refused(fd, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY, ENOTTY);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	for (int way = 0; way < 5; way++)
		move_all(&kvm, &vm, &vcpu, way);
	cover(vm.fd);
	vm_expect(vcpu_expect_out(&vcpu, 0x10) == 'd');
	vm_expect(close_range(3, ~0U, 0) == 0);
	vm_refused(vcpu.fd, KVM_RUN, 0, EBADF);
	vm_say("five ways, and the copies work\n");
	return 0;
}
