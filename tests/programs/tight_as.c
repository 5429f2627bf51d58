/*
 * tight_as: the program may use 16 MiB of addresses more than it has (by
 * RLIMIT_AS, set before it opens /dev/kvm). It runs its guest, then takes 15 of
 * them, and finds that 16 are too many.
 *
 * A tracer that maps memory into the program takes what is the program's: the
 * 15 MiB must still be there. Where that can't be, it must do without.
 */
#include "vm.h"

#define PAGE 4096
#define MIB 0x100000

static const uint8_t guest[] = VM_HELLO('T');

/* The address space's size is the first number there, in pages: proc(5). */
static size_t own_bytes(void)
{
	char text[32] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	vm_expect(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	vm_expect(close(fd) == 0);
	return strtoul(text, NULL, 10) * PAGE;
}

static void *take(size_t bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
	struct rlimit limit;
	struct vcpu vcpu;
	struct vm vm;
	int kvm;

	limit.rlim_cur = limit.rlim_max = own_bytes() + 16 * MIB;
	vm_expect(setrlimit(RLIMIT_AS, &limit) == 0);
	kvm = vm_open_kvm();
	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'T');
	vm_expect(take(16 * MIB) == MAP_FAILED && errno == ENOMEM);
	vm_expect(take(15 * MIB) != MAP_FAILED);
	vm_say("the guest ran, and 15 MiB were left\n");
	return 0;
}
