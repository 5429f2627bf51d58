/*
 * int80: a 32-bit program without a libc: every call is int $0x80, so KVM's
 * compat ioctls. Built with -m32 -nostdlib -static from the compiler alone.
 *
 * A tracer must take the call for i386 (ioctl is number 54, arguments in ebx,
 * ecx, edx) and read what differs there: KVM_GET_DIRTY_LOG's pointer is 32
 * bits wide and the other half of its union is rubbish; KVM_SET_SIGNAL_MASK
 * holds a compat_sigset_t (kvm_vcpu_compat_ioctl, kvm_main.c).
 */
#include <linux/kvm.h>

#define NR_EXIT_GROUP 252
#define NR_IOCTL 54
#define NR_MMAP2 192
#define NR_OPEN 5
#define NR_WRITE 4

#define ENTRY 0x1000
#define PAGE 0x1000
#define PAGES 16
#define RDWR 2

/* struct kvm_signal_mask with its array's size. */
struct signal_mask {
	__u32 len;
	unsigned char set[8];
};

static const unsigned char guest[] = {
	0xa2, 0x00, 0x20, /* mov [0x2000], al: dirties page 2 */
	0xb0, '8',	  /* mov al, '8' */
	0xe6, 0x10,	  /* out 0x10, al */
	0xf4,		  /* hlt */
};

static unsigned char memory[PAGES * PAGE] __attribute__((aligned(PAGE)));

static long call(long number, long a, long b, long c, long d, long e)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return ret;
}

static void say(const char *text)
{
	long length = 0;

	while (text[length])
		length++;
	call(NR_WRITE, 1, (long)text, length, 0, 0);
}

__attribute__((noreturn)) static void quit(int status, const char *text)
{
	say(text);
	for (;;)
		call(NR_EXIT_GROUP, status, 0, 0, 0, 0);
}

static long request(int fd, unsigned long number, const void *arg,
		    const char *name)
{
	long ret = call(NR_IOCTL, fd, (long)number, (long)arg, 0, 0);

	if (ret < 0) {
		say(name);
		quit(1, " fails\n");
	}
	return ret;
}

#define REQUEST(fd, name, arg) request(fd, name, arg, #name)

/* mmap2 counts its offset in pages and has six arguments; the last, in ebp,
 * must be 0. */
static struct kvm_run *map_run(int vcpu, long bytes)
{
	long ret;

	__asm__ volatile("push %%ebp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "int $0x80\n\t"
			 "pop %%ebp"
			 : "=a"(ret)
			 : "a"(NR_MMAP2), "b"(0), "c"(bytes), "d"(3), "S"(1),
			   "D"(vcpu)
			 : "memory");
	if ((unsigned long)ret > -4096UL)
		quit(1, "mapping kvm_run fails\n");
	return (struct kvm_run *)ret;
}

static void set_memory(int vm)
{
	struct kvm_userspace_memory_region slot = {
		.flags = KVM_MEM_LOG_DIRTY_PAGES,
		.memory_size = sizeof(memory),
		.userspace_addr = (unsigned long)memory,
	};

	for (unsigned int i = 0; i < sizeof(guest); i++)
		memory[ENTRY + i] = guest[i];
	REQUEST(vm, KVM_SET_USER_MEMORY_REGION, &slot);
}

static void set_registers(int vcpu)
{
	struct kvm_regs regs = { .rip = ENTRY, .rflags = 2 };
	struct kvm_sregs sregs;

	REQUEST(vcpu, KVM_GET_SREGS, &sregs);
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	REQUEST(vcpu, KVM_SET_SREGS, &sregs);
	REQUEST(vcpu, KVM_SET_REGS, &regs);
}

static void set_signal_mask(int vcpu)
{
	struct signal_mask mask = { .len = 8, .set = { 0, 0x20 } };

	REQUEST(vcpu, KVM_SET_SIGNAL_MASK, &mask);
}

static void run(int vcpu, const struct kvm_run *kvm_run)
{
	REQUEST(vcpu, KVM_RUN, 0);
	if (kvm_run->exit_reason != KVM_EXIT_IO ||
	    ((const char *)kvm_run)[kvm_run->io.data_offset] != '8')
		quit(1, "the first exit is not OUT of '8'\n");
	REQUEST(vcpu, KVM_RUN, 0);
	if (kvm_run->exit_reason != KVM_EXIT_HLT)
		quit(1, "the second exit is not HLT\n");
}

static void check_dirty_log(int vm)
{
	unsigned char bitmap[8] = { 0 };
	struct kvm_dirty_log log = { .padding2 = 0xdeadbeef00000000ULL };

	log.dirty_bitmap = bitmap;
	REQUEST(vm, KVM_GET_DIRTY_LOG, &log);
	if (!(bitmap[0] & 1 << 2))
		quit(1, "page 2 is not dirty\n");
}

void _start(void);

/* The ABI's stack at entry is aligned, a function's is not: realign. */
__attribute__((force_align_arg_pointer)) void _start(void)
{
	int kvm = call(NR_OPEN, (long)"/dev/kvm", RDWR, 0, 0, 0);
	struct kvm_run *kvm_run;
	int vm, vcpu;

	if (kvm < 0)
		quit(77, "skipped: opening /dev/kvm fails\n");
	vm = REQUEST(kvm, KVM_CREATE_VM, 0);
	REQUEST(vm, KVM_SET_TSS_ADDR, (void *)0xfffbd000);
	set_memory(vm);
	vcpu = REQUEST(vm, KVM_CREATE_VCPU, 0);
	kvm_run = map_run(vcpu, REQUEST(kvm, KVM_GET_VCPU_MMAP_SIZE, 0));
	set_registers(vcpu);
	set_signal_mask(vcpu);
	run(vcpu, kvm_run);
	check_dirty_log(vm);
	quit(0, "the guest ran by int $0x80\n");
}
