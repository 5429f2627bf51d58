/*
 * A submission for the ready rubrics, good or spoiled in one way:
 *
 *	solution [-r|-s|-p|-l] [FAULT]
 *
 * Real (the default), protected, 32-bit paged or long mode, as the rubrics'
 * runs call it; faults are the rows of `faults`. The guest is the same bytes
 * in every mode: mov al, c; out 0xe9, al; … mov al, 42; hlt.
 */
#include <asm/processor-flags.h>
#include <stdbool.h>

#include "vm.h"

#define MEMORY_BYTES 0x200000
#define TABLES 0x2000
#define CONSOLE 0xe9
#define EFER_LME (1u << 8)
#define EFER_LMA (1u << 10)

struct fault {
	const char *name;
	size_t memory_bytes;
	uint8_t port;
	bool is_real;		/* never leaves real mode */
	bool is_impatient;	/* gives up after five exits */
	bool is_blind;		/* doesn't ask for the registers */
	bool is_fake;		/* makes its calls on /dev/null */
	int status;
};

static const struct fault faults[] = {
	{ "", MEMORY_BYTES, CONSOLE, .status = 0 },
	{ "small", MEMORY_BYTES / 2, CONSOLE, .status = 0 },
	{ "mute", MEMORY_BYTES, 0x10, .status = 0 },
	{ "real", MEMORY_BYTES, CONSOLE, .is_real = true },
	{ "impatient", MEMORY_BYTES, CONSOLE, .is_impatient = true },
	{ "blind", MEMORY_BYTES, CONSOLE, .is_blind = true },
	{ "failing", MEMORY_BYTES, CONSOLE, .status = 3 },
	{ "fake", MEMORY_BYTES, CONSOLE, .is_fake = true },
};

static const struct fault *find_fault(const char *name)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (!strcmp(faults[i].name, name))
			return &faults[i];
	vm_die("there is no fault '%s'", name);
}

static size_t write_guest(uint8_t *memory, uint8_t port)
{
	uint8_t *at = memory;

	for (const char *c = "Hello, world!\n"; *c; c++) {
		*at++ = 0xb0;
		*at++ = (uint8_t)*c;
		*at++ = 0xe6;
		*at++ = port;
	}
	*at++ = 0xb0;
	*at++ = 42;
	*at++ = 0xf4;
	return (size_t)(at - memory);
}

static void set_segments(struct kvm_sregs *sregs, bool is_long)
{
	struct kvm_segment segment = {
		.limit = 0xffffffff, .selector = 8, .type = 11, .present = 1,
		.db = !is_long, .s = 1, .l = is_long, .g = 1,
	};

	sregs->cs = segment;
	segment.type = 3;
	segment.selector = 16;
	segment.db = 1;
	segment.l = 0;
	sregs->ds = sregs->es = sregs->fs = sregs->gs = sregs->ss = segment;
	sregs->cr0 = X86_CR0_PE | X86_CR0_ET;
}

/* One page of 4 or 2 MiB that maps addresses to themselves. */
static void set_paging(struct kvm_sregs *sregs, uint8_t *memory, bool is_long)
{
	uint64_t *tables = (uint64_t *)(void *)(memory + TABLES);

	tables[0] = is_long ? (TABLES + 0x1000) | 3 : 0x83;
	tables[0x1000 / 8] = (TABLES + 0x2000) | 3;
	tables[0x2000 / 8] = 0x83;
	sregs->cr3 = TABLES;
	sregs->cr4 = is_long ? X86_CR4_PAE : X86_CR4_PSE;
	sregs->cr0 |= X86_CR0_PG;
	sregs->efer = is_long ? EFER_LME | EFER_LMA : 0;
}

static void start(const struct vcpu *vcpu, uint8_t *memory, char mode)
{
	struct kvm_regs regs = { .rflags = 2 };
	struct kvm_sregs sregs;

	vm_ioctl(vcpu->fd, KVM_GET_SREGS, &sregs);
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	if (mode != 'r')
		set_segments(&sregs, mode == 'l');
	if (mode == 'p' || mode == 'l')
		set_paging(&sregs, memory, mode == 'l');
	vm_ioctl(vcpu->fd, KVM_SET_SREGS, &sregs);
	vm_ioctl(vcpu->fd, KVM_SET_REGS, &regs);
}

static int run(const struct vcpu *vcpu, const struct fault *fault)
{
	unsigned int reason = KVM_EXIT_IO;
	struct kvm_regs regs;

	for (int i = 0; reason == KVM_EXIT_IO; i++) {
		if (fault->is_impatient && i == 5)
			return fault->status;
		reason = vcpu_run(vcpu);
		if (reason == KVM_EXIT_IO)
			vm_say("%c", *(char *)vcpu_io_data(vcpu));
	}
	if (!fault->is_blind)
		vm_ioctl(vcpu->fd, KVM_GET_REGS, &regs);
	return reason == KVM_EXIT_HLT ? fault->status : 1;
}

/* What would fool a grader that looks at requests and output only. */
static int fake(void)
{
	static const unsigned long requests[] = {
		KVM_GET_API_VERSION, KVM_CREATE_VM, KVM_SET_USER_MEMORY_REGION,
		KVM_CREATE_VCPU, KVM_GET_VCPU_MMAP_SIZE, KVM_SET_SREGS,
		KVM_SET_REGS, KVM_RUN, KVM_GET_REGS,
	};
	static const char line[] =
		"{\"type\":\"ioctl\",\"seq\":1,\"name\":\"KVM_CREATE_VM\","
		"\"on\":\"system\",\"ret\":3}\n";
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	vm_expect(null >= 0);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		vm_expect(ioctl(null, requests[i], 0) == -1);
	vm_say("Hello, world!\nok 1 - creates one VM\n%s", line);
	dprintf(STDERR_FILENO, "%s", line);
	return 0;
}

int main(int argc, char **argv)
{
	bool has_mode = argc > 1 && argv[1][0] == '-';
	const char *name = argc > 1 + has_mode ? argv[1 + has_mode] : "";
	const struct fault *fault = find_fault(name);
	struct kvm_userspace_memory_region slot = {
		.memory_size = fault->memory_bytes,
	};
	struct vcpu vcpu;
	uint8_t *memory;
	int kvm, vm;

	if (fault->is_fake)
		return fake();
	kvm = vm_open_kvm();
	vm = vm_ioctl(kvm, KVM_CREATE_VM, 0);
	vm_ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000);
	memory = mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	vm_expect(memory != MAP_FAILED);
	vm_expect(write_guest(memory, fault->port) < TABLES);
	slot.userspace_addr = (uintptr_t)memory;
	vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot);
	vcpu.run_bytes = (size_t)vm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu.fd = vm_ioctl(vm, KVM_CREATE_VCPU, 0);
	vcpu.run = vcpu_map(vcpu.fd, vcpu.run_bytes, MAP_SHARED);
	start(&vcpu, memory, fault->is_real || !has_mode ? 'r' : argv[1][1]);
	return run(&vcpu, fault);
}
