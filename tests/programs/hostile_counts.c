/*
 * hostile_counts: KVM requests whose counts, sizes and inner pointers lie, or
 * that KVM carries out in part. Each prints its result by name; the results
 * depend on the kernel, so the program judges none of them: the test compares
 * the traced run with the untraced one.
 *
 * A tracer must report every one with a note on what it could not read, and
 * never believe a count: not in memory, not in time.
 */
#include "vm.h"

#define FOUR_BILLION 0xffffffffu
#define MSR_TSC 0x10
#define MSR_NONE 0x4b564dff
#define MSR_EFER 0xc0000080
#define REG_X86_U2048 0x2080000000000000ull
#define REG_ABSURD 0x20f0000000000000ull
#define NOWHERE 0x10
/* KVM_PMU_EVENT_FILTER_MAX_EVENTS: arch/x86/kvm/pmu.c */
#define PMU_EVENTS_MAX 300

struct place {
	int kvm;
	struct vm vm;
	struct vcpu vcpu;
};

/* struct kvm_msrs and struct kvm_cpuid2, with room in their arrays. */
struct msrs {
	__u32 nmsrs, pad;
	struct kvm_msr_entry entries[3];
};

struct cpuid {
	__u32 nent, padding;
	struct kvm_cpuid_entry2 entry;
};

static const uint8_t guest[] = VM_HELLO('h');

static void show(const char *name, long ret)
{
	int error = errno;

	if (ret >= 0)
		vm_say("%s: %ld\n", name, ret);
	else
		vm_say("%s: %s\n", name, strerrorname_np(error));
}

/* The last bytes before a page that nobody can reach. */
static void *edge_bytes(size_t bytes)
{
	uint8_t *pages = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm_expect(pages != MAP_FAILED);
	vm_expect(munmap(pages + 4096, 4096) == 0);
	return pages + 4096 - bytes;
}

/* The head of a counted array, which begins with the count. */
static void count_lies(const char *name, int fd, unsigned long request,
		       uint32_t count, size_t held)
{
	uint32_t *head = edge_bytes(held);

	*head = count;
	show(name, ioctl(fd, request, head));
}

static void pmu_filters(const struct place *at)
{
	struct kvm_pmu_event_filter *filter = edge_bytes(sizeof(*filter));

	filter->nevents = FOUR_BILLION;
	show("pmu filter, 4 billion",
	     ioctl(at->vm.fd, KVM_SET_PMU_EVENT_FILTER, filter));
	filter = edge_bytes(sizeof(*filter) + 8 * (PMU_EVENTS_MAX + 1));
	filter->nevents = PMU_EVENTS_MAX + 1;
	show("pmu filter, one event too many",
	     ioctl(at->vm.fd, KVM_SET_PMU_EVENT_FILTER, filter));
}

static void huge_counts(const struct place *at)
{
	int fd = at->vcpu.fd;

	count_lies("get msrs, 4 billion", fd, KVM_GET_MSRS, FOUR_BILLION, 8);
	count_lies("set msrs, 4 billion", fd, KVM_SET_MSRS, FOUR_BILLION, 24);
	count_lies("set msrs, unreadable", fd, KVM_SET_MSRS, 100, 8 + 2 * 16);
	count_lies("msr list, 4 billion", at->kvm, KVM_GET_MSR_INDEX_LIST,
		   FOUR_BILLION, 4);
	count_lies("set cpuid, 4 billion", fd, KVM_SET_CPUID, FOUR_BILLION, 8);
	count_lies("set cpuid2, unreadable", fd, KVM_SET_CPUID2, 60, 8 + 40);
	count_lies("routing, 4 billion", at->vm.fd, KVM_SET_GSI_ROUTING,
		   FOUR_BILLION, 8);
	pmu_filters(at);
	count_lies("signal mask, 4 billion", fd, KVM_SET_SIGNAL_MASK,
		   FOUR_BILLION, 4);
}

/* There are more entries than room: KVM tells how many, if asked right. */
static void too_few(const struct place *at)
{
	struct cpuid cpuid = { .nent = 1 };
	struct kvm_msr_list list = { .nmsrs = 0 };

	show("supported cpuid, 1 entry",
	     ioctl(at->kvm, KVM_GET_SUPPORTED_CPUID, &cpuid));
	show("msr list, no room",
	     ioctl(at->kvm, KVM_GET_MSR_INDEX_LIST, &list));
	show("msrs there are", list.nmsrs);
}

static void partial(const struct place *at)
{
	struct msrs msrs = {
		.nmsrs = 3,
		.entries = { { .index = MSR_TSC, .data = 1 },
			     { .index = MSR_NONE },
			     { .index = MSR_EFER } },
	};

	show("set msrs, a bad one", ioctl(at->vcpu.fd, KVM_SET_MSRS, &msrs));
	show("get msrs, a bad one", ioctl(at->vcpu.fd, KVM_GET_MSRS, &msrs));
}

static void dirty_logs(const struct place *at)
{
	struct kvm_dirty_log log = { .slot = 0 };
	struct kvm_userspace_memory_region slot = {
		.flags = KVM_MEM_LOG_DIRTY_PAGES,
		.memory_size = VM_BYTES,
		.userspace_addr = (uintptr_t)at->vm.memory,
	};

	vm_ioctl(at->vm.fd, KVM_SET_USER_MEMORY_REGION, &slot);
	log.dirty_bitmap = (void *)NOWHERE;
	show("dirty log to nowhere", ioctl(at->vm.fd, KVM_GET_DIRTY_LOG, &log));
	log.slot = FOUR_BILLION;
	show("dirty log, no such slot",
	     ioctl(at->vm.fd, KVM_GET_DIRTY_LOG, &log));
}

static void filters(const struct place *at)
{
	struct kvm_msr_filter filter = { .flags = 0 };

	for (int i = 0; i < KVM_MSR_FILTER_MAX_RANGES; i++)
		filter.ranges[i] = (struct kvm_msr_filter_range) {
			.flags = KVM_MSR_FILTER_READ,
			.nmsrs = i ? FOUR_BILLION : 64,
			.bitmap = (void *)(NOWHERE + (uintptr_t)i),
		};
	show("msr filter from nowhere",
	     ioctl(at->vm.fd, KVM_X86_SET_MSR_FILTER, &filter));
}

static void registers(const struct place *at)
{
	struct kvm_one_reg reg = {
		.id = REG_X86_U2048,
		.addr = (uintptr_t)edge_bytes(8),
	};

	show("get one reg, 256 bytes",
	     ioctl(at->vcpu.fd, KVM_GET_ONE_REG, &reg));
	show("set one reg, 256 bytes",
	     ioctl(at->vcpu.fd, KVM_SET_ONE_REG, &reg));
	reg.id = REG_ABSURD;
	show("set one reg, 32768 bytes",
	     ioctl(at->vcpu.fd, KVM_SET_ONE_REG, &reg));
	reg.addr = NOWHERE;
	show("set one reg from nowhere",
	     ioctl(at->vcpu.fd, KVM_SET_ONE_REG, &reg));
}

static void attributes(const struct place *at)
{
	struct kvm_device_attr attr = {
		.group = KVM_VCPU_TSC_CTRL,
		.attr = KVM_VCPU_TSC_OFFSET,
		.addr = NOWHERE,
	};

	show("tsc offset from nowhere",
	     ioctl(at->vcpu.fd, KVM_SET_DEVICE_ATTR, &attr));
	show("tsc offset to nowhere",
	     ioctl(at->vcpu.fd, KVM_GET_DEVICE_ATTR, &attr));
}

static void nested_states(const struct place *at)
{
	struct kvm_nested_state *state =
		edge_bytes(sizeof(struct kvm_nested_state));

	memset(state, 0, sizeof(*state));
	show("get nested state, size 0",
	     ioctl(at->vcpu.fd, KVM_GET_NESTED_STATE, state));
	state->size = 1;
	show("get nested state, size 1",
	     ioctl(at->vcpu.fd, KVM_GET_NESTED_STATE, state));
	state->size = FOUR_BILLION;
	show("get nested state, 4 billion",
	     ioctl(at->vcpu.fd, KVM_GET_NESTED_STATE, state));
	state->size = FOUR_BILLION;
	show("set nested state, 4 billion",
	     ioctl(at->vcpu.fd, KVM_SET_NESTED_STATE, state));
}

int main(void)
{
	struct place at = { .kvm = vm_open_kvm() };

	vm_create(&at.vm, at.kvm, guest, sizeof(guest));
	vcpu_create(&at.vcpu, at.kvm, &at.vm, 0);
	huge_counts(&at);
	too_few(&at);
	partial(&at);
	dirty_logs(&at);
	filters(&at);
	registers(&at);
	attributes(&at);
	nested_states(&at);
	vcpu_start(&at.vcpu, 0);
	vcpu_expect_hello(&at.vcpu, 'h');
	vcpu_destroy(&at.vcpu);
	vm_destroy(&at.vm);
	return 0;
}
