/*
 * int80_in64: a 64-bit program that makes its KVM requests by int $0x80, the
 * arguments below 4 GiB, and some by its libc in between. Exits 77 where the
 * kernel has no 32-bit entry.
 *
 * A tracer must go by the call's own architecture, not by the program's: the
 * same descriptor gets requests as ioctl 16 of x86-64 and 54 of i386, and
 * KVM_GET_DIRTY_LOG by the latter has a pointer of 32 bits.
 */
#include <signal.h>

#include "vm.h"

#define I386_GETPID 20
#define I386_IOCTL 54

struct arguments {
	struct kvm_sregs sregs;
	struct kvm_regs regs;
	struct kvm_dirty_log log;
	uint64_t bitmap;
};

static const uint8_t guest[] = {
	0xa2, 0x00, 0x20, /* mov [0x2000], al: dirties page 2 */
	0xb0, '6',	  /* mov al, '6' */
	0xe6, 0x10,	  /* out 0x10, al */
	0xf4,		  /* hlt */
};

static long call(long number, long fd, unsigned long request, const void *arg)
{
	long ret;

	/* Older kernels clear r8 to r11 on this entry. */
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(number), "b"(fd), "c"(request), "d"(arg)
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)ret;
}

static void no_entry(int signal)
{
	(void)signal;
	vm_skip("skipped: this kernel has no int $0x80");
}

static void need_int80(void)
{
	vm_expect(signal(SIGSEGV, no_entry) != SIG_ERR);
	if (call(I386_GETPID, 0, 0, NULL) != getpid())
		vm_skip("skipped: int $0x80 does nothing here");
	signal(SIGSEGV, SIG_DFL);
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

static void start(int vcpu, struct arguments *low)
{
	low->regs = (struct kvm_regs) { .rip = VM_ENTRY, .rflags = 2 };
	vm_expect(call(I386_IOCTL, vcpu, KVM_GET_SREGS, &low->sregs) == 0);
	low->sregs.cs.base = 0;
	low->sregs.cs.selector = 0;
	vm_expect(call(I386_IOCTL, vcpu, KVM_SET_SREGS, &low->sregs) == 0);
	vm_expect(call(I386_IOCTL, vcpu, KVM_SET_REGS, &low->regs) == 0);
}

static void check_dirty_log(int vm, struct arguments *low)
{
	low->log.dirty_bitmap = &low->bitmap;
	low->log.padding2 |= 0xdeadbeef00000000;
	vm_expect(call(I386_IOCTL, vm, KVM_GET_DIRTY_LOG, &low->log) == 0);
	vm_expect(low->bitmap & 1 << 2);
}

int main(void)
{
	struct arguments *low =
		mmap(NULL, sizeof(*low), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	need_int80();
	vm_expect(low != MAP_FAILED);
	vm.fd = call(I386_IOCTL, kvm, KVM_CREATE_VM, NULL);
	vm_expect(vm.fd >= 0);
	vm_fill(&vm, guest, sizeof(guest));
	log_dirty_pages(&vm);
	vcpu_create(&vcpu, kvm, &vm, 0);
	start(vcpu.fd, low);
	vm_expect(call(I386_IOCTL, vcpu.fd, KVM_RUN, NULL) == 0);
	vm_expect(vcpu.run->exit_reason == KVM_EXIT_IO);
	vm_expect(*(uint8_t *)vcpu_io_data(&vcpu) == '6');
	vcpu_expect_halt(&vcpu);
	check_dirty_log(vm.fd, low);
	vm_say("the guest ran by both entries\n");
	return 0;
}
