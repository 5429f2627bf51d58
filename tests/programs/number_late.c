/*
 * number_late: KVM requests from places where the number of the system call,
 * or the code itself, comes late: libc's syscall(), a pointer to ioctl, code
 * that the program writes into anonymous memory and rewrites between calls, and
 * code in files that are mapped one after the other at one address.
 *
 * A tracer must show every call, 50 from each place. It may not change what the
 * program has written itself, nor take new code at an old address for the old.
 */
#include <sys/syscall.h>

#include "vm.h"

#define PAGE 4096
#define CALLS 50

typedef long (*caller)(int fd, unsigned long request, unsigned long arg);

/* The syscall stands at one place in all: only what is before it differs. */
static const uint8_t number_beside[] = {
	0x90, 0x90, 0x90, 0x90,	     /* nop, four times */
	0xb8, 0x10, 0x00, 0x00, 0x00, /* mov eax, 16 */
	0x0f, 0x05,		     /* syscall */
	0xc3,			     /* ret */
};
static const uint8_t number_pushed[] = {
	0x6a, 0x10,	  /* push 16 */
	0x58,		  /* pop rax */
	0x48, 0x89, 0xff, /* mov rdi, rdi */
	0x48, 0x89, 0xf6, /* mov rsi, rsi */
	0x0f, 0x05,	  /* syscall */
	0xc3,		  /* ret */
};
static const uint8_t number_counted[] = {
	0x31, 0xc0,	  /* xor eax, eax */
	0xb0, 0x0f,	  /* mov al, 15 */
	0xff, 0xc0,	  /* inc eax */
	0x48, 0x89, 0xd2, /* mov rdx, rdx */
	0x0f, 0x05,	  /* syscall */
	0xc3,		  /* ret */
};

#define CODE_BYTES sizeof(number_beside)
_Static_assert(sizeof(number_pushed) == CODE_BYTES &&
		       sizeof(number_counted) == CODE_BYTES,
	       "their syscall instructions stand at one place");

static const uint8_t *const codes[] = { number_beside, number_pushed,
					number_counted };

static int kvm;

static long by_syscall(int fd, unsigned long request, unsigned long arg)
{
	return syscall(SYS_ioctl, fd, request, arg);
}

static void call_often(const char *where, caller call)
{
	for (int i = 0; i < CALLS; i++)
		vm_expect(call(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
	vm_say("%d calls %s\n", CALLS, where);
}

static void by_pointer(void)
{
	int (*volatile pointer)(int, unsigned long, ...) = ioctl;

	for (int i = 0; i < CALLS; i++)
		vm_expect(pointer(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
	vm_say("%d calls through a pointer\n", CALLS);
}

/* One page, never executable while it is written to, as in most compilers. */
static void by_anonymous_memory(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm_expect(page != MAP_FAILED);
	for (size_t i = 0; i < 3; i++) {
		memcpy(page, codes[i], CODE_BYTES);
		vm_expect(mprotect(page, PAGE, PROT_READ | PROT_EXEC) == 0);
		call_often("from anonymous memory", (caller)page);
		vm_expect(memcmp(page, codes[i], CODE_BYTES) == 0);
		vm_expect(mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0);
	}
	vm_expect(munmap(page, PAGE) == 0);
}

/* Written to while it is executable. */
static void by_writable_memory(void)
{
	uint8_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm_expect(page != MAP_FAILED);
	for (int i = 0; i < CALLS; i++) {
		memcpy(page, codes[i % 3], CODE_BYTES);
		vm_expect(((caller)page)(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
		vm_expect(memcmp(page, codes[i % 3], CODE_BYTES) == 0);
	}
	vm_expect(munmap(page, PAGE) == 0);
	vm_say("%d calls from memory that changes\n", CALLS);
}

/* As dlclose and dlopen do. */
static void by_file(const uint8_t *code, void *address)
{
	int file = memfd_create("code", MFD_CLOEXEC);
	uint8_t bytes[CODE_BYTES];

	vm_expect(file >= 0 && ftruncate(file, PAGE) == 0);
	vm_expect(pwrite(file, code, CODE_BYTES, 0) == (ssize_t)CODE_BYTES);
	vm_expect(mmap(address, PAGE, PROT_READ | PROT_EXEC,
		       MAP_PRIVATE | MAP_FIXED, file, 0) == address);
	call_often("from a file", (caller)address);
	vm_expect(pread(file, bytes, CODE_BYTES, 0) == (ssize_t)CODE_BYTES &&
		  memcmp(bytes, code, CODE_BYTES) == 0);
	vm_expect(munmap(address, PAGE) == 0 && close(file) == 0);
}

int main(void)
{
	void *address = mmap(NULL, PAGE, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	kvm = vm_open_kvm();
	vm_expect(address != MAP_FAILED);
	call_often("by syscall()", by_syscall);
	by_pointer();
	by_anonymous_memory();
	by_writable_memory();
	for (size_t i = 0; i < 6; i++)
		by_file(codes[i % 3], address);
	return 0;
}
