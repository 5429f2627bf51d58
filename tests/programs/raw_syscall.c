/*
 * raw_syscall: every KVM request goes by the syscall instruction itself, from
 * the program's own code, with high bits of the descriptor and the request set
 * that the kernel ignores (both are unsigned int in fs/ioctl.c).
 *
 * A tracer that wraps libc's ioctl sees nothing of this; one that compares the
 * 64-bit register with the request misses most of it.
 */
#include <sys/syscall.h>

#include "vm.h"

#define HIGH_BITS 0xdead000000000000UL

static const uint8_t guest[] = VM_HELLO('Y');

static long raw_ioctl(unsigned long fd, unsigned long request, const void *arg)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(SYS_ioctl), "D"(fd), "S"(request), "d"(arg)
			 : "rcx", "r11", "memory");
	return ret;
}

static void start(int fd)
{
	struct kvm_regs regs = { .rip = VM_ENTRY, .rflags = 2 };
	struct kvm_sregs sregs;

	vm_expect(raw_ioctl(fd, KVM_GET_SREGS, &sregs) == 0);
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	vm_expect(raw_ioctl(fd, KVM_SET_SREGS, &sregs) == 0);
	vm_expect(raw_ioctl(fd | HIGH_BITS, KVM_SET_REGS | HIGH_BITS, &regs) ==
		  0);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_expect(raw_ioctl(kvm | HIGH_BITS, KVM_GET_API_VERSION | HIGH_BITS,
			    NULL) == 12);
	vm.fd = raw_ioctl(kvm, KVM_CREATE_VM, NULL);
	vm_expect(vm.fd >= 0);
	vm_fill(&vm, guest, sizeof(guest));
	vcpu.run_bytes = raw_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL);
	vcpu.fd = raw_ioctl(vm.fd, KVM_CREATE_VCPU, NULL);
	vm_expect(vcpu.fd >= 0);
	vcpu.run = vcpu_map(vcpu.fd, vcpu.run_bytes, MAP_SHARED);
	start(vcpu.fd);
	vm_expect(raw_ioctl(vcpu.fd | HIGH_BITS, KVM_RUN | HIGH_BITS, NULL) ==
		  0);
	vm_expect(vcpu.run->exit_reason == KVM_EXIT_IO);
	vm_expect(*(uint8_t *)vcpu_io_data(&vcpu) == 'Y');
	vm_expect(raw_ioctl(vcpu.fd, KVM_RUN, NULL) == 0);
	vm_expect(vcpu.run->exit_reason == KVM_EXIT_HLT);
	vm_expect(raw_ioctl(vcpu.fd, KVM_RUN, "argument") == -EINVAL);
	vm_say("the guest ran by raw system calls\n");
	return 0;
}
