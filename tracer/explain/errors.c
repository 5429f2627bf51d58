/*
 * Errors: what the system says of them, and what they mean where KVM on x86
 * gives them.
 *
 * Sources: api.rst chapter 4 and section 4.10; virt/kvm/kvm_main.c and
 * eventfd.c, arch/x86/kvm/x86.c and cpuid.c, drivers/char/misc.c of Linux 6.1.
 */
#include <errno.h>
#include <string.h>

#include "explain/internal.h"

#define ERRNO_MAX 133

static const struct {
	int error;
	const char *meaning;
} meanings[] = {
	{ EINVAL,
	  "KVM understood the request but not its argument: a reserved or unknown bit, "
	  "registers that contradict each other (EFER.LME and CR0.PG without EFER.LMA), "
	  "an unaligned address or size, a slot that would change its size, KVM_RUN with "
	  "an argument; or it comes too late (an interrupt chip after the first vCPU). "
	  "From /dev/kvm or a vCPU also: this kind of descriptor doesn't know the "
	  "request" },
	{ ENOTTY,
	  "this kind of descriptor doesn't know the request: a vCPU's ioctl was called "
	  "on a VM, say, or on a file that isn't KVM's; or this kernel is too old for it" },
	{ EBADF,
	  "the descriptor isn't open, or one inside the argument (an eventfd, a "
	  "guest_memfd) isn't" },
	{ EEXIST,
	  "there is one already: a slot that overlaps another one, a vCPU with that id, "
	  "a second interrupt chip or timer, an ioeventfd on that address" },
	{ E2BIG,
	  "the array is too small for the list (nent or nmsrs holds its length), or has "
	  "more entries than KVM takes in one call" },
	{ ENOMEM,
	  "the kernel has no memory for it" },
	{ EFAULT,
	  "a pointer leads to memory that the program doesn't have; of KVM_RUN: the "
	  "memory behind a slot is gone or may not be accessed, or (with "
	  "KVM_EXIT_MEMORY_FAULT) a page is not private or shared as the guest wants it" },
	{ EINTR,
	  "a signal for the thread, or immediate_exit, ended KVM_RUN early. Nothing is "
	  "wrong: handle the signal, clear immediate_exit and run again" },
	{ EAGAIN,
	  "of KVM_RUN: the vCPU waited for another one to start it (its MP state was "
	  "KVM_MP_STATE_UNINITIALIZED) and may have been started: run it again; of "
	  "KVM_IRQFD: the VM has no interrupt chip in the kernel" },
	{ EIO,
	  "the VM belongs to another process (its creator forked: the child can't use "
	  "it), or KVM gave it up after an error" },
	{ ENXIO,
	  "there is nothing of that kind: an interrupt line without a chip in the "
	  "kernel, a device attribute that doesn't exist, a dirty log of a VM that has "
	  "dirty rings" },
	{ EPERM,
	  "it may not be done that way: a device without such an access, or a privilege "
	  "is missing" },
	{ EACCES,
	  "of opening /dev/kvm: the user may not; mostly it takes membership in the "
	  "group kvm" },
	{ ENOENT,
	  "of opening /dev/kvm: it doesn't exist, since no KVM module was loaded; "
	  "otherwise what the argument names isn't there: a slot that logs dirty pages, "
	  "a registered eventfd, a register" },
	{ EBUSY,
	  "of KVM_CREATE_VM: another hypervisor holds the processor's virtualization; "
	  "otherwise it is in use or comes too late: the boot vCPU after the first vCPU, "
	  "an eventfd that is an irqfd already" },
	{ ENOSYS,
	  "KVM on x86 answers no ioctl so: the kernel lacks the system call, or a "
	  "sandbox refused it" },
	{ EOPNOTSUPP,
	  "this kernel or this kind of VM doesn't support it; also the answer to "
	  "requests that are long gone" },
	{ ENODEV,
	  "of opening /dev/kvm: the file is there, but no KVM module serves it; of "
	  "KVM_CREATE_DEVICE: this kernel has no device of that type" },
	{ ENOEXEC,
	  "of KVM_RUN on arm64: the vCPU was not initialized" },
	{ ENOSPC,
	  "too many devices on one of the VM's buses" },
};

static const char *find_meaning(int error)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].error == error)
			return meanings[i].meaning;
	return NULL;
}

static bool is_error(const struct explain_wanted *wanted, int error)
{
	return wanted->is_number ? wanted->number == (uint64_t)error
				 : explain_is(wanted, strerrorname_np(error));
}

static unsigned int find_errors(struct explain_page *page,
				const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	for (int error = 1; error <= ERRNO_MAX; error++) {
		const char *meaning = find_meaning(error);

		if (!strerrorname_np(error) || !is_error(wanted, error))
			continue;
		explain_add_title(page, "%s: errno %d", strerrorname_np(error),
				  error);
		explain_add_row(page, "says", strerror(error));
		if (meaning)
			explain_add_row(page, "from KVM", meaning);
		found++;
	}
	return found;
}

static void offer_errors(struct explain_near *near,
			 const struct explain_set *all)
{
	(void)all;
	for (int error = 1; error <= ERRNO_MAX; error++)
		if (strerrorname_np(error))
			explain_near_offer(near, strerrorname_np(error));
}

const struct explain_kind explain_errors = { find_errors, offer_errors };
