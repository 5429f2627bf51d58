/*
 * userfault: guest memory that a thread of the program fills by userfaultfd(2)
 * when KVM asks for it, and that thread makes a KVM ioctl before it does.
 *
 * A tracer that reads the page itself waits for the thread, and the thread
 * waits for the tracer.
 */
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/syscall.h>

#include "vm.h"

#define SLOT 0x100000

static const uint8_t guest[] = VM_HELLO('u');

struct filler {
	int fd, kvm;
	uint8_t page[4096];
};

static void *fill(void *context)
{
	struct filler *filler = context;
	struct uffd_msg message;
	struct uffdio_copy copy = { .len = 4096 };

	vm_expect(read(filler->fd, &message, sizeof(message)) ==
		  sizeof(message));
	vm_ioctl(filler->kvm, KVM_GET_API_VERSION, 0);
	copy.dst = message.arg.pagefault.address & ~4095ull;
	copy.src = (uintptr_t)filler->page;
	vm_ioctl(filler->fd, UFFDIO_COPY, &copy);
	return NULL;
}

/* One page of memory that the filler has to fill. */
static uint8_t *make_memory(struct filler *filler)
{
	uint8_t *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)memory, 4096 },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	vm_expect(memory != MAP_FAILED);
	filler->fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (filler->fd < 0)
		vm_skip("skipped: userfaultfd fails: %s", strerror(errno));
	vm_ioctl(filler->fd, UFFDIO_API, &api);
	vm_ioctl(filler->fd, UFFDIO_REGISTER, &range);
	memcpy(filler->page, guest, sizeof(guest));
	return memory;
}

int main(void)
{
	struct filler filler = { .kvm = vm_open_kvm() };
	struct kvm_userspace_memory_region slot = {
		.slot = 1, .guest_phys_addr = SLOT, .memory_size = 4096,
		.userspace_addr = (uintptr_t)make_memory(&filler),
	};
	struct kvm_sregs sregs;
	pthread_t thread;
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, filler.kvm, guest, sizeof(guest));
	vm_ioctl(vm.fd, KVM_SET_USER_MEMORY_REGION, &slot);
	vcpu_create(&vcpu, filler.kvm, &vm, 0);
	vm_ioctl(vcpu.fd, KVM_GET_SREGS, &sregs);
	sregs.cs.base = SLOT - VM_ENTRY;
	vm_ioctl(vcpu.fd, KVM_SET_SREGS, &sregs);
	vm_expect(pthread_create(&thread, NULL, fill, &filler) == 0);
	vcpu_expect_hello(&vcpu, 'u');
	vm_expect(pthread_join(thread, NULL) == 0);
	vm_say("the page was filled\n");
	return 0;
}
