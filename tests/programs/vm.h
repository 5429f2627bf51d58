/*
 * vm.h - the smallest virtual machine that the test programs share: one slot
 * of memory with real-mode code, and vCPUs that start at its first byte.
 *
 * Every call is checked; a program that meets a surprise says so in a sentence
 * and ends with status 1, or 77 when the machine lacks something. Output goes
 * out by write(2) at once, so that a fork never prints a buffer twice. It holds
 * no pid, address or time: traced and untraced output must be equal.
 *
 * KVM_RUN is never repeated after EINTR: untraced programs here see none, and
 * a tracer that causes one is to be caught.
 */
#ifndef TEST_PROGRAMS_VM_H
#define TEST_PROGRAMS_VM_H

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define VM_BYTES 0x10000
#define VM_ENTRY 0x1000
#define VM_SKIP 77

struct vm {
	int fd;
	uint8_t *memory; /* VM_BYTES at guest physical 0 */
};

struct vcpu {
	int fd;
	size_t run_bytes;
	struct kvm_run *run;
};

__attribute__((format(printf, 1, 2))) static inline void vm_say(const char *fmt,
								...)
{
	va_list ap;

	va_start(ap, fmt);
	vdprintf(STDOUT_FILENO, fmt, ap);
	va_end(ap);
}

__attribute__((noreturn, format(printf, 2, 3))) static inline void
vm_quit(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdprintf(STDERR_FILENO, fmt, ap);
	va_end(ap);
	dprintf(STDERR_FILENO, "\n");
	_exit(status);
}

#define vm_die(...) vm_quit(1, __VA_ARGS__)
#define vm_skip(...) vm_quit(VM_SKIP, __VA_ARGS__)

#define vm_expect(condition)                                               \
	do {                                                               \
		if (!(condition))                                          \
			vm_die("%s:%d: expected %s (errno: %s)", __FILE__, \
			       __LINE__, #condition, strerror(errno));     \
	} while (0)

static inline int vm_ioctl_named(int fd, unsigned long request,
				 const char *name, unsigned long arg)
{
	int ret = ioctl(fd, request, arg);

	if (ret < 0)
		vm_die("%s on descriptor %d fails: %s", name, fd,
		       strerror(errno));
	return ret;
}

/* An ioctl that must work; arg is a number or a pointer. */
#define vm_ioctl(fd, request, arg) \
	vm_ioctl_named(fd, request, #request, (unsigned long)(arg))

/* An ioctl that must fail in one way. */
#define vm_refused(fd, request, arg, error)                                   \
	do {                                                                  \
		errno = 0;                                                    \
		vm_expect(ioctl(fd, request, arg) == -1 && errno == (error)); \
	} while (0)

static inline unsigned long vm_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000UL + now.tv_nsec;
}

/* For guests that loop: should no signal come, the kernel sends SIGXCPU. */
static inline void vm_limit_cpu(void)
{
	struct rlimit seconds = { 4, 5 };

	vm_expect(setrlimit(RLIMIT_CPU, &seconds) == 0);
}

static inline int vm_open_kvm(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		vm_skip("skipped: opening /dev/kvm fails: %s", strerror(errno));
	return kvm;
}

/* Fill an open VM: its memory, and code at VM_ENTRY. */
static inline void vm_fill(struct vm *vm, const void *code, size_t code_bytes)
{
	struct kvm_userspace_memory_region slot = { .memory_size = VM_BYTES };

	vm_expect(code_bytes <= VM_BYTES - VM_ENTRY);
	vm->memory = mmap(NULL, VM_BYTES, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	vm_expect(vm->memory != MAP_FAILED);
	memcpy(vm->memory + VM_ENTRY, code, code_bytes);
	slot.userspace_addr = (uintptr_t)vm->memory;
	vm_ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot);
}

static inline void vm_create(struct vm *vm, int kvm, const void *code,
			     size_t code_bytes)
{
	vm->fd = vm_ioctl(kvm, KVM_CREATE_VM, 0);
	/* Intel without unrestricted guest needs it (api.rst). */
	vm_ioctl(vm->fd, KVM_SET_TSS_ADDR, 0xfffbd000);
	vm_fill(vm, code, code_bytes);
}

static inline void vm_destroy(struct vm *vm)
{
	vm_expect(munmap(vm->memory, VM_BYTES) == 0);
	vm_expect(close(vm->fd) == 0);
}

/* Real mode, flat, at VM_ENTRY; rcx counts for the guests that loop. */
static inline void vcpu_start(const struct vcpu *vcpu, uint64_t rcx)
{
	struct kvm_regs regs = {
		.rip = VM_ENTRY, .rcx = rcx, .rflags = 2, .rsp = VM_ENTRY
	};
	struct kvm_sregs sregs;

	vm_ioctl(vcpu->fd, KVM_GET_SREGS, &sregs);
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	vm_ioctl(vcpu->fd, KVM_SET_SREGS, &sregs);
	vm_ioctl(vcpu->fd, KVM_SET_REGS, &regs);
}

static inline void *vcpu_map(int fd, size_t bytes, int flags)
{
	void *run = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	vm_expect(run != MAP_FAILED);
	return run;
}

static inline void vcpu_create(struct vcpu *vcpu, int kvm, const struct vm *vm,
			       unsigned int id)
{
	vcpu->run_bytes = vm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu->fd = vm_ioctl(vm->fd, KVM_CREATE_VCPU, id);
	vcpu->run = vcpu_map(vcpu->fd, vcpu->run_bytes, MAP_SHARED);
	vcpu_start(vcpu, 0);
}

static inline void vcpu_destroy(struct vcpu *vcpu)
{
	vm_expect(munmap(vcpu->run, vcpu->run_bytes) == 0);
	vm_expect(close(vcpu->fd) == 0);
}

/* One KVM_RUN; the exit reason. */
static inline unsigned int vcpu_run(const struct vcpu *vcpu)
{
	vm_ioctl(vcpu->fd, KVM_RUN, 0);
	return vcpu->run->exit_reason;
}

/* The bytes of a port exit, inside the mapping of kvm_run. */
static inline void *vcpu_io_data(const struct vcpu *vcpu)
{
	return (uint8_t *)vcpu->run + vcpu->run->io.data_offset;
}

/* One KVM_RUN that must end at OUT of one byte to port; the byte. */
static inline uint8_t vcpu_expect_out(const struct vcpu *vcpu, uint16_t port)
{
	vm_expect(vcpu_run(vcpu) == KVM_EXIT_IO);
	vm_expect(vcpu->run->io.direction == KVM_EXIT_IO_OUT &&
		  vcpu->run->io.port == port);
	vm_expect(vcpu->run->io.size == 1 && vcpu->run->io.count == 1);
	return *(uint8_t *)vcpu_io_data(vcpu);
}

static inline void vcpu_expect_halt(const struct vcpu *vcpu)
{
	vm_expect(vcpu_run(vcpu) == KVM_EXIT_HLT);
}

/*
 * The guest that most programs run:
 * mov al, letter; out 0x10, al; hlt
 */
#define VM_HELLO(letter)                         \
	{                                        \
		0xb0, (letter), 0xe6, 0x10, 0xf4 \
	}

static inline void vcpu_expect_hello(const struct vcpu *vcpu, uint8_t letter)
{
	vm_expect(vcpu_expect_out(vcpu, 0x10) == letter);
	vcpu_expect_halt(vcpu);
}

#endif
