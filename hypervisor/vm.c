#include "vm.h"

#include <asm/processor-flags.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Intel processors without "unrestricted guest" run real mode inside a task
 * of virtual-8086 mode, and KVM needs three pages of guest physical memory for
 * its TSS; without KVM_SET_TSS_ADDR, KVM_RUN fails there. Nothing else may be
 * at that place. It lies behind the page of the identity map, which has the
 * same use and is at VM_MEMORY_MAX if nobody moves it. Others ignore the call.
 */
#define TSS_GPA (VM_MEMORY_MAX + 0x1000)

/*
 * A signal can interrupt any of these calls (EINTR), KVM_RUN above all.
 * Nothing has happened then that a second try would not go on with. A macro,
 * so that each call stands in the code, and in a trace, where it is made.
 */
#define checked_ioctl(fd, on, request, arg)                       \
	check_ioctl(TEMP_FAILURE_RETRY(ioctl(fd, request, arg)), \
		    on, #request)

/* What the call returned, or -errno after a message. */
static int check_ioctl(long ret, const char *on, const char *name)
{
	int error = errno;

	if (ret >= 0)
		return (int)ret;
	warnx("%s on %s failed: %s", name, on, strerror(error));
	return -error;
}

/* A message for a call that is no ioctl. */
static int failed(const char *what, const char *hint)
{
	int ret = -errno;

	warnx("%s failed: %s%s", what, strerror(-ret), hint);
	return ret;
}

static const char *open_hint(int error)
{
	switch (error) {
	case ENOENT:
	case ENODEV:
		return " (does this machine have KVM, and its module loaded?)";
	case EACCES:
		return " (are you in the group kvm?)";
	default:
		return "";
	}
}

static int open_kvm(struct vm *vm)
{
	int version;

	vm->kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm_fd < 0)
		return failed("open of /dev/kvm", open_hint(errno));

	/* 12 since Linux 2.6.22; a program should not go on with another. */
	version = checked_ioctl(vm->kvm_fd, "/dev/kvm", KVM_GET_API_VERSION, 0);
	if (version < 0)
		return version;
	if (version != KVM_API_VERSION) {
		warnx("/dev/kvm has version %d of the API, hv knows %d",
		      version, KVM_API_VERSION);
		return -EPROTO;
	}
	return 0;
}

static int create_machine(struct vm *vm)
{
	/* 0: the default type of machine */
	vm->vm_fd = checked_ioctl(vm->kvm_fd, "/dev/kvm", KVM_CREATE_VM, 0);
	if (vm->vm_fd < 0)
		return vm->vm_fd;
	return checked_ioctl(vm->vm_fd, "the VM", KVM_SET_TSS_ADDR, TSS_GPA);
}

/* The guest's memory is ordinary memory of hv that both can see. */
static int create_memory(struct vm *vm, size_t bytes)
{
	struct kvm_userspace_memory_region region = {
		.slot = 0,
		.flags = 0,
		.guest_phys_addr = 0,
		.memory_size = bytes,
	};
	/* NORESERVE: a page costs memory once it is touched. */
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		return failed("mmap of guest memory", "");
	vm->memory = memory;
	vm->memory_bytes = bytes;

	region.userspace_addr = (uintptr_t)memory;
	return checked_ioctl(vm->vm_fd, "the VM", KVM_SET_USER_MEMORY_REGION,
			     &region);
}

static int create_vcpu(struct vm *vm)
{
	int bytes;
	void *run;

	/* 0 is the id of the processor */
	vm->vcpu_fd = checked_ioctl(vm->vm_fd, "the VM", KVM_CREATE_VCPU, 0);
	if (vm->vcpu_fd < 0)
		return vm->vcpu_fd;

	/* More than sizeof(struct kvm_run): the data of port I/O follows it. */
	bytes = checked_ioctl(vm->kvm_fd, "/dev/kvm", KVM_GET_VCPU_MMAP_SIZE,
			      0);
	if (bytes < 0)
		return bytes;

	/* SHARED, as what each side writes is meant for the other. */
	run = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
		   vm->vcpu_fd, 0);
	if (run == MAP_FAILED)
		return failed("mmap of the vCPU", "");
	vm->run = run;
	vm->run_bytes = (size_t)bytes;
	return 0;
}

int vm_create(struct vm *vm, size_t memory_bytes)
{
	int ret;

	*vm = (struct vm){ .kvm_fd = -1, .vm_fd = -1, .vcpu_fd = -1 };

	ret = open_kvm(vm);
	if (ret == 0)
		ret = create_machine(vm);
	if (ret == 0)
		ret = create_memory(vm, memory_bytes);
	if (ret == 0)
		ret = create_vcpu(vm);
	return ret;
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

void vm_done(struct vm *vm)
{
	if (vm->run)
		munmap(vm->run, vm->run_bytes);
	close_if_open(vm->vcpu_fd);
	if (vm->memory)
		munmap(vm->memory, vm->memory_bytes);
	close_if_open(vm->vm_fd);
	close_if_open(vm->kvm_fd);
}

int vm_enter_mode(struct vm *vm, const struct mode *mode)
{
	struct kvm_sregs sregs = { 0 };
	struct kvm_regs regs = {
		.rip = 0,
		.rsp = mode->stack,
		/* Bit 1 is always 1; KVM would set it for us. */
		.rflags = X86_EFLAGS_FIXED,
	};
	int ret;

	/* Get first: most of the state after a reset is right as it is. */
	ret = checked_ioctl(vm->vcpu_fd, "the vCPU", KVM_GET_SREGS, &sregs);
	if (ret < 0)
		return ret;
	mode->fill(&sregs, vm->memory);
	ret = checked_ioctl(vm->vcpu_fd, "the vCPU", KVM_SET_SREGS, &sregs);
	if (ret < 0)
		return ret;
	return checked_ioctl(vm->vcpu_fd, "the vCPU", KVM_SET_REGS, &regs);
}

int vm_run(struct vm *vm)
{
	/* The third argument must be 0: vm->run is where the answer is. */
	return checked_ioctl(vm->vcpu_fd, "the vCPU", KVM_RUN, 0);
}

int vm_get_regs(struct vm *vm, struct kvm_regs *ret_regs)
{
	struct kvm_regs regs = { 0 };
	int ret = checked_ioctl(vm->vcpu_fd, "the vCPU", KVM_GET_REGS, &regs);

	if (ret == 0)
		*ret_regs = regs;
	return ret;
}

int vm_translate(struct vm *vm, uint64_t gva,
		 struct kvm_translation *ret_translation)
{
	struct kvm_translation translation = { .linear_address = gva };
	/* Not on the VM: each processor has page tables of its own. */
	int ret = checked_ioctl(vm->vcpu_fd, "the vCPU", KVM_TRANSLATE,
				&translation);

	if (ret == 0)
		*ret_translation = translation;
	return ret;
}
