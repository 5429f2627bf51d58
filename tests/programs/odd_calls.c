/*
 * odd_calls: KVM requests that fail or look strange, each with its result by
 * name. The results depend on the kernel, so the program judges none of them:
 * the test compares the traced run with the untraced one.
 *
 * A tracer must report every one, never crash or hang on a pointer, a length
 * or an offset that lies, and change no result.
 */
#include <sys/syscall.h>

#include "vm.h"

#define HIGH_BITS 0xffffffff00000000UL
#define CPUID_ROOM 256
#define CPUID_FAR_TOO_MANY (1 << 20)

struct place {
	int kvm;
	struct vm vm;
	struct vcpu vcpu;
};

/* Two pages: the first is as asked, nothing can be reached in the second. */
struct edge {
	uint8_t *start;
	uint8_t *end; /* of the first */
};

/* struct kvm_signal_mask with its array's size. */
struct signal_mask {
	__u32 len;
	uint8_t set[8];
};

struct cpuid {
	__u32 nent;
	__u32 padding;
	struct kvm_cpuid_entry2 entries[CPUID_ROOM];
};

static const uint8_t guest[] = {
	0xe4, 0x11, /* again: in al, 0x11 */
	0xe6, 0x10, /* out 0x10, al */
	0xeb, 0xfa, /* jmp again */
};

static void show(const char *name, long ret)
{
	int error = errno;

	if (ret >= 0)
		vm_say("%s: %ld\n", name, ret);
	else
		vm_say("%s: %s\n", name, strerrorname_np(error));
}

static struct edge edge_create(int protection)
{
	uint8_t *pages = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm_expect(pages != MAP_FAILED);
	vm_expect(mprotect(pages, 4096, protection) == 0);
	vm_expect(munmap(pages + 4096, 4096) == 0);
	return (struct edge) { pages, pages + 4096 };
}

static void wrong_descriptors(const struct place *at)
{
	int file = open("/proc/self/exe", O_RDONLY);
	int null = open("/dev/null", O_RDWR);
	int pipes[2];

	vm_expect(file >= 0 && null >= 0 && pipe(pipes) == 0);
	show("run on the VM", ioctl(at->vm.fd, KVM_RUN, 0));
	show("run on the system", ioctl(at->kvm, KVM_RUN, 0));
	show("run with an argument", ioctl(at->vcpu.fd, KVM_RUN, 1));
	show("create a vCPU on a vCPU", ioctl(at->vcpu.fd, KVM_CREATE_VCPU, 1));
	show("create a VM on a VM", ioctl(at->vm.fd, KVM_CREATE_VM, 0));
	show("create a VM of type -1", ioctl(at->kvm, KVM_CREATE_VM, -1));
	show("version with an argument",
	     ioctl(at->kvm, KVM_GET_API_VERSION, 1));
	show("run on /dev/null", ioctl(null, KVM_RUN, 0));
	show("run on a pipe", ioctl(pipes[0], KVM_RUN, 0));
	show("run on a file", ioctl(file, KVM_RUN, 0));
	show("run on -1", ioctl(-1, KVM_RUN, 0));
	close(null);
	show("run on a closed one", ioctl(null, KVM_RUN, 0));
	close(file);
	close(pipes[0]);
	close(pipes[1]);
	show("version on a path",
	     ioctl(open("/dev/kvm", O_PATH), KVM_GET_API_VERSION, 0));
}

static void bad_pointers(const struct place *at)
{
	struct edge writable = edge_create(PROT_READ | PROT_WRITE);
	struct edge readonly = edge_create(PROT_READ);
	struct edge nothing = edge_create(PROT_NONE);
	int fd = at->vcpu.fd;

	show("set sregs at 0", ioctl(fd, KVM_SET_SREGS, NULL));
	show("set sregs at 1", ioctl(fd, KVM_SET_SREGS, 1));
	show("set sregs at -1", ioctl(fd, KVM_SET_SREGS, -1L));
	show("set sregs in the kernel",
	     ioctl(fd, KVM_SET_SREGS, 0xffffffff81000000));
	show("set sregs unmapped", ioctl(fd, KVM_SET_SREGS, writable.end));
	show("set sregs over the edge",
	     ioctl(fd, KVM_SET_SREGS, writable.end - 8));
	show("set sregs no access", ioctl(fd, KVM_SET_SREGS, nothing.start));
	show("get sregs over the edge",
	     ioctl(fd, KVM_GET_SREGS, writable.end - 8));
	show("get sregs, last bytes",
	     ioctl(fd, KVM_GET_SREGS, writable.end - sizeof(struct kvm_sregs)));
	show("set sregs, last bytes",
	     ioctl(fd, KVM_SET_SREGS, writable.end - sizeof(struct kvm_sregs)));
	show("get sregs read-only", ioctl(fd, KVM_GET_SREGS, readonly.start));
	show("set regs read-only", ioctl(fd, KVM_SET_REGS, readonly.start));
	show("set regs unaligned", ioctl(fd, KVM_SET_REGS, writable.start + 1));
	show("memory slot at 0",
	     ioctl(at->vm.fd, KVM_SET_USER_MEMORY_REGION, NULL));
}

static void unknown_requests(const struct place *at)
{
	static char room[1 << 14];

	show("system 0xff", ioctl(at->kvm, _IO(KVMIO, 0xff), 0));
	show("VM 0xff", ioctl(at->vm.fd, _IO(KVMIO, 0xff), 0));
	show("vCPU 0xff", ioctl(at->vcpu.fd, _IO(KVMIO, 0xff), 0));
	show("read at 0",
	     ioctl(at->vcpu.fd, _IOR(KVMIO, 0xfe, char[1024]), NULL));
	show("write of 16383",
	     ioctl(at->vcpu.fd, _IOC(_IOC_WRITE, KVMIO, 0xfe, 16383), room));
	show("both, of 0", ioctl(at->vcpu.fd, _IOC(3, KVMIO, 0xfe, 0), room));
	show("get regs, another size",
	     ioctl(at->vcpu.fd, _IOR(KVMIO, 0x81, char[8]), room));
	show("request 0", ioctl(at->vcpu.fd, 0, 0));
	show("request -1", ioctl(at->vcpu.fd, -1, 0));
	show("a terminal's", ioctl(at->vcpu.fd, 0x5401, room));
}

/* Only the low 32 bits of the descriptor and the request count. */
static void high_bits(const struct place *at)
{
	struct kvm_regs regs;
	long sign_extended = (int)KVM_GET_REGS;

	show("sign-extended request",
	     syscall(SYS_ioctl, (long)at->vcpu.fd, sign_extended, &regs));
	show("high bits in the request",
	     syscall(SYS_ioctl, (long)at->vcpu.fd, KVM_SET_REGS | HIGH_BITS,
		     &regs));
	show("high bits in both", syscall(SYS_ioctl, at->kvm | HIGH_BITS,
					  KVM_GET_API_VERSION | HIGH_BITS, 0));
}

static void slot(const struct place *at, const char *name, uint32_t number,
		 uint64_t gpa, uint64_t size, uint64_t hva)
{
	struct kvm_userspace_memory_region region = {
		.slot = number,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = hva,
	};

	show(name, ioctl(at->vm.fd, KVM_SET_USER_MEMORY_REGION, &region));
}

static void creations(const struct place *at)
{
	uint64_t hva = (uintptr_t)at->vm.memory;

	show("the same vCPU id", ioctl(at->vm.fd, KVM_CREATE_VCPU, 0));
	show("vCPU id -1", ioctl(at->vm.fd, KVM_CREATE_VCPU, -1));
	slot(at, "slot overlaps", 1, 0x1000, 0x1000, hva);
	slot(at, "slot address unaligned", 1, 0x100800, 0x1000, hva);
	slot(at, "slot size unaligned", 1, 0x100000, 0x1001, hva);
	slot(at, "slot memory unaligned", 1, 0x100000, 0x1000, hva + 1);
	slot(at, "slot resized", 0, 0, VM_BYTES / 2, hva);
	slot(at, "slot wraps round", 1, -0x1000UL, 0x2000, hva);
	slot(at, "slot of memory in the kernel", 1, 0x100000, 0x1000,
	     1UL << 63);
	slot(at, "slot 65535", 65535, 0x100000, 0x1000, hva);
	slot(at, "slot deleted that isn't", 2, 0, 0, 0);
}

static void cpuids(const struct place *at)
{
	struct edge edge = edge_create(PROT_READ | PROT_WRITE);
	struct cpuid *cpuid = mmap(NULL, sizeof(*cpuid), PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct cpuid *short_one =
		(void *)(edge.end - 8 - 2 * sizeof(cpuid->entries[0]));

	vm_expect(cpuid != MAP_FAILED);
	show("supported cpuid, 0",
	     ioctl(at->kvm, KVM_GET_SUPPORTED_CPUID, cpuid));
	cpuid->nent = 1;
	show("supported cpuid, 1",
	     ioctl(at->kvm, KVM_GET_SUPPORTED_CPUID, cpuid));
	cpuid->nent = CPUID_FAR_TOO_MANY;
	show("supported cpuid, too many",
	     ioctl(at->kvm, KVM_GET_SUPPORTED_CPUID, cpuid));
	cpuid->nent = CPUID_ROOM;
	show("supported cpuid", ioctl(at->kvm, KVM_GET_SUPPORTED_CPUID, cpuid));
	short_one->nent = CPUID_ROOM;
	show("supported cpuid, short memory",
	     ioctl(at->kvm, KVM_GET_SUPPORTED_CPUID, short_one));
	short_one->nent = 100;
	show("set cpuid, short memory",
	     ioctl(at->vcpu.fd, KVM_SET_CPUID2, short_one));
	short_one->nent = -1;
	show("set cpuid, huge", ioctl(at->vcpu.fd, KVM_SET_CPUID2, short_one));
	show("set cpuid", ioctl(at->vcpu.fd, KVM_SET_CPUID2, cpuid));
}

static void signal_masks(const struct place *at)
{
	struct signal_mask mask = { .len = 7 };

	show("signal mask of 7",
	     ioctl(at->vcpu.fd, KVM_SET_SIGNAL_MASK, &mask));
	mask.len = -1;
	show("signal mask of -1",
	     ioctl(at->vcpu.fd, KVM_SET_SIGNAL_MASK, &mask));
	mask.len = 8;
	show("signal mask of 8",
	     ioctl(at->vcpu.fd, KVM_SET_SIGNAL_MASK, &mask));
	show("no signal mask", ioctl(at->vcpu.fd, KVM_SET_SIGNAL_MASK, NULL));
}

/* The program may write anything to its kvm_run. */
static void scribble(struct kvm_run *run)
{
	run->exit_reason = KVM_EXIT_IO;
	run->io.direction = KVM_EXIT_IO_OUT;
	run->io.size = 8;
	run->io.count = UINT32_MAX;
	run->io.data_offset = UINT64_MAX - 7;
}

static void scribbled_runs(const struct place *at)
{
	struct kvm_run *run = at->vcpu.run;
	struct kvm_msr_entry *msrs;

	run->immediate_exit = 1;
	scribble(run);
	show("immediate exit", ioctl(at->vcpu.fd, KVM_RUN, 0));
	run->immediate_exit = 0;
	show("run to IN", ioctl(at->vcpu.fd, KVM_RUN, 0));
	show("exit reason", run->exit_reason);
	*(uint8_t *)vcpu_io_data(&at->vcpu) = 's';
	scribble(run);
	show("run to OUT", ioctl(at->vcpu.fd, KVM_RUN, 0));
	show("byte", *(uint8_t *)vcpu_io_data(&at->vcpu));
	run->immediate_exit = 255;
	scribble(run);
	run->exit_reason = UINT32_MAX;
	show("immediate exit again", ioctl(at->vcpu.fd, KVM_RUN, 0));
	run->immediate_exit = 0;
	run->kvm_valid_regs = UINT64_MAX;
	show("unknown valid registers", ioctl(at->vcpu.fd, KVM_RUN, 0));
	run->kvm_valid_regs = 0;
	msrs = (void *)(edge_create(PROT_READ | PROT_WRITE).end - 8);
	*(uint64_t *)msrs = UINT32_MAX;
	show("get MSRs, huge", ioctl(at->vcpu.fd, KVM_GET_MSRS, msrs));
	*(uint64_t *)msrs = 2;
	show("get MSRs, short memory", ioctl(at->vcpu.fd, KVM_GET_MSRS, msrs));
}

int main(void)
{
	struct place at = { .kvm = vm_open_kvm() };

	vm_create(&at.vm, at.kvm, guest, sizeof(guest));
	vcpu_create(&at.vcpu, at.kvm, &at.vm, 0);
	wrong_descriptors(&at);
	unknown_requests(&at);
	high_bits(&at);
	creations(&at);
	cpuids(&at);
	signal_masks(&at);
	scribbled_runs(&at);
	bad_pointers(&at);
	return 0;
}
