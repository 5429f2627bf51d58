/*
 * broken.h - what the broken hypervisors of this folder and their sound twins
 * share. Each file is one cause why small hypervisors fail: compiled as it is
 * it makes the mistake, compiled with -DSOUND it does the same thing right. The
 * twins differ by the one constant `sound`, so what differs in their traces is
 * the mistake.
 *
 * CAUSES.tsv lists the files and the diagnosis that each must get. Like all
 * test programs they print no address, pid or time; unlike them they treat a
 * failed call as a beginner does: say so and give up with status 1.
 */
#ifndef TEST_PROGRAMS_BROKEN_H
#define TEST_PROGRAMS_BROKEN_H

#include <asm/processor-flags.h>
#include <stdbool.h>

#include "../vm.h"

#ifdef SOUND
enum { sound = 1 };
#else
enum { sound = 0 };
#endif

/* AMD APM vol. 2, 3.1.7; not among the headers for programs. */
#define EFER_LME (1ULL << 8)
#define EFER_LMA (1ULL << 10)
#define EFER_NXE (1ULL << 11)

/* Page-table entries, SDM vol. 3, "4-Level Paging". */
#define PAGE_P	(1ULL << 0)
#define PAGE_RW (1ULL << 1)
#define PAGE_PS (1ULL << 7)
#define PAGE_NX (1ULL << 63)

#define TABLES	     0x4000 /* PML4, PDPT, PD and PT, a page each */
#define CONSOLE_PORT 0xe9
#define STACK_TOP    0x4000

/* A machine with one vCPU, which is what all need. */
struct machine {
	int kvm;
	struct vm vm;
	struct vcpu vcpu;
};

/* Should anything hang: SIGALRM ends the program. */
static inline void limit_time(void)
{
	alarm(2);
}

/* The vCPU starts in real mode at VM_ENTRY. */
static inline void machine_create(struct machine *machine, const void *code,
				  size_t code_bytes)
{
	limit_time();
	machine->kvm = vm_open_kvm();
	vm_create(&machine->vm, machine->kvm, code, code_bytes);
	vcpu_create(&machine->vcpu, machine->kvm, &machine->vm, 0);
}

static inline const char *exit_name(unsigned int reason)
{
	static const char *const names[] = {
		[KVM_EXIT_UNKNOWN] = "UNKNOWN",
		[KVM_EXIT_IO] = "IO",
		[KVM_EXIT_HLT] = "HLT",
		[KVM_EXIT_MMIO] = "MMIO",
		[KVM_EXIT_SHUTDOWN] = "SHUTDOWN",
		[KVM_EXIT_FAIL_ENTRY] = "FAIL_ENTRY",
		[KVM_EXIT_INTR] = "INTR",
		[KVM_EXIT_INTERNAL_ERROR] = "INTERNAL_ERROR",
	};

	if (reason >= sizeof(names) / sizeof(names[0]) || !names[reason])
		return "another";
	return names[reason];
}

static inline bool is_console(const struct kvm_run *run)
{
	return run->exit_reason == KVM_EXIT_IO &&
	       run->io.direction == KVM_EXIT_IO_OUT &&
	       run->io.port == CONSOLE_PORT;
}

static inline void show_console(const struct vcpu *vcpu)
{
	uint8_t byte = *(uint8_t *)vcpu_io_data(vcpu);

	if (byte > ' ' && byte < 0x7f)
		vm_say("the guest says %c\n", byte);
	else
		vm_say("the guest says 0x%02x\n", byte);
}

/* The usual loop: print what the guest prints, end when it halts. A status. */
static inline int play(const struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	for (;;) {
		if (ioctl(vcpu->fd, KVM_RUN, 0) < 0) {
			vm_say("KVM_RUN fails: %s\n", strerrorname_np(errno));
			return 1;
		}
		if (!is_console(run))
			break;
		show_console(vcpu);
	}
	vm_say("the guest ends with KVM_EXIT_%s\n",
	       exit_name(run->exit_reason));
	return run->exit_reason == KVM_EXIT_HLT ? 0 : 1;
}

/* What a call gave; false when it failed. */
static inline bool report(const char *name, int ret)
{
	if (ret < 0)
		vm_say("%s fails: %s\n", name, strerrorname_np(errno));
	else
		vm_say("%s: %d\n", name, ret);
	return ret >= 0;
}

/* Identity-map the slot in pages of 4 KiB. */
static inline void write_tables(uint8_t *memory)
{
	for (uint64_t level = 0; level < 3; level++)
		*(uint64_t *)(memory + TABLES + level * 0x1000) =
			(TABLES + (level + 1) * 0x1000) | PAGE_P | PAGE_RW;
	for (uint64_t page = 0; page < VM_BYTES / 0x1000; page++)
		((uint64_t *)(memory + TABLES + 0x3000))[page] =
			page * 0x1000 | PAGE_P | PAGE_RW;
}

/* Flat segments without a GDT; the types are accessed, as VMX wants them. */
static inline void set_segments(struct kvm_sregs *sregs, bool is_long)
{
	struct kvm_segment segment = { .limit = 0xffffffff,
				       .selector = 8,
				       .type = 11, /* code, read, accessed */
				       .present = 1,
				       .db = !is_long,
				       .s = 1,
				       .l = is_long,
				       .g = 1 };

	sregs->cs = segment;
	segment.selector = 16;
	segment.type = 3; /* data, write, accessed */
	segment.db = 1;
	segment.l = 0;
	sregs->ds = sregs->es = sregs->ss = sregs->fs = sregs->gs = segment;
}

static inline void set_protected_mode(struct kvm_sregs *sregs)
{
	set_segments(sregs, false);
	sregs->cr0 |= X86_CR0_PE;
}

static inline void set_long_mode(struct kvm_sregs *sregs)
{
	set_segments(sregs, true);
	sregs->cr0 |= X86_CR0_PE | X86_CR0_PG;
	sregs->cr3 = TABLES;
	sregs->cr4 |= X86_CR4_PAE;
	sregs->efer |= EFER_LME | EFER_LMA;
}

static inline void get_sregs(const struct machine *machine,
			     struct kvm_sregs *sregs)
{
	vm_ioctl(machine->vcpu.fd, KVM_GET_SREGS, sregs);
}

static inline bool try_sregs(const struct machine *machine,
			     const struct kvm_sregs *sregs)
{
	return report("KVM_SET_SREGS",
		      ioctl(machine->vcpu.fd, KVM_SET_SREGS, sregs));
}

/* mov al, letter; out 0xe9, al; hlt: the same bytes in every mode. */
#define SAY_AND_HALT(letter) \
	{ \
		0xb0, (letter), 0xe6, CONSOLE_PORT, 0xf4 /* hlt */ \
	}

/* A machine in long mode with its tables, ready to run; sregs not yet set. */
static inline void machine_create_long(struct machine *machine,
				       struct kvm_sregs *sregs,
				       const void *code, size_t code_bytes)
{
	machine_create(machine, code, code_bytes);
	write_tables(machine->vm.memory);
	get_sregs(machine, sregs);
	set_long_mode(sregs);
}

/* So too, with the one or the other array of code. */
#define machine_create_twin(machine, sregs, bad_code, good_code)              \
	machine_create_long(machine, sregs, sound ? (good_code) : (bad_code), \
			    sound ? sizeof(good_code) : sizeof(bad_code))

#endif
