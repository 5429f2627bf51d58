#include "session/registers.h"

#include <string.h>

#include "abi/abi.h"
#include "abi/compat.h"

#define MSR_EFER 0xc0000080u
#define EFER_LMA (1ull << 10)

static void reset_segment(struct kvm_segment *segment, uint8_t type, uint8_t s)
{
	*segment = (struct kvm_segment){
		.limit = 0xffff, .type = type, .present = 1, .s = s,
	};
}

void registers_reset(struct registers *registers)
{
	struct kvm_sregs *sregs = &registers->cpu.sregs;
	struct kvm_segment *const data[] = {
		&sregs->ds, &sregs->es, &sregs->fs, &sregs->gs, &sregs->ss,
	};

	memset(registers, 0, sizeof(*registers));
	registers->has_regs = registers->has_sregs = true;
	registers->regs.rip = 0xfff0;
	registers->regs.rflags = 2;
	sregs->cr0 = 0x60000010;
	reset_segment(&sregs->cs, 0xb, 1);
	sregs->cs.selector = 0xf000;
	sregs->cs.base = 0xffff0000;
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		reset_segment(data[i], 3, 1);
	reset_segment(&sregs->tr, 0xb, 0);
	reset_segment(&sregs->ldt, 2, 0);
	sregs->gdt.limit = sregs->idt.limit = 0xffff;
}

static void set_sregs(struct registers *registers, const uint8_t *bytes)
{
	memcpy(&registers->cpu.sregs, bytes, sizeof(registers->cpu.sregs));
	registers->cpu.has_pdptrs = false;
	registers->has_sregs = true;
}

/* The bytes that the call carried, when there are enough of them. */
static const uint8_t *find_bytes(const struct record *record,
				 enum record_phase phase, size_t size)
{
	const struct record_part *part = record_find_part(
		record, PART_ARGUMENT, phase, 0);

	return part && part->length >= size ? record_part_bytes(record, part)
					    : NULL;
}

static void apply_regs(struct registers *registers,
		       const struct record *record, enum record_phase phase)
{
	const uint8_t *bytes = find_bytes(record, phase,
					  sizeof(registers->regs));

	if (!bytes)
		return;
	memcpy(&registers->regs, bytes, sizeof(registers->regs));
	registers->has_regs = true;
}

static void apply_sregs(struct registers *registers,
			const struct record *record, enum record_phase phase)
{
	const uint8_t *bytes = find_bytes(record, phase,
					  sizeof(struct kvm_sregs));

	if (bytes)
		set_sregs(registers, bytes);
}

static void apply_sregs2(struct registers *registers,
			 const struct record *record, enum record_phase phase)
{
	struct kvm_sregs2 sregs2;
	const uint8_t *bytes = find_bytes(record, phase, sizeof(sregs2));

	if (!bytes)
		return;
	memcpy(&sregs2, bytes, sizeof(sregs2));
	guest_set_sregs2(&registers->cpu, &sregs2);
	registers->has_sregs = true;
}

/* KVM keeps EFER.LMA as it is: set_efer(), arch/x86/kvm/x86.c. */
static void apply_msrs(struct registers *registers, const struct record *record)
{
	const uint8_t *bytes = find_bytes(record, PHASE_BEFORE,
					  sizeof(struct kvm_msrs));
	const struct record_part *part = record_find_part(
		record, PART_ARGUMENT, PHASE_BEFORE, 0);
	__u64 *efer = &registers->cpu.sregs.efer;
	struct kvm_msr_entry entry;

	for (int64_t i = 0; bytes && i < record->result; i++) {
		size_t at = sizeof(struct kvm_msrs) +
			    (size_t)i * sizeof(entry);

		if (at + sizeof(entry) > part->length)
			return;
		memcpy(&entry, bytes + at, sizeof(entry));
		if (entry.index == MSR_EFER)
			*efer = (*efer & EFER_LMA) | (entry.data & ~EFER_LMA);
	}
}

/* CPUID leaves 0x80000001 (EDX bit 26) and 0x80000008 (EAX bits 7:0). */
static void apply_cpuid(struct registers *registers,
			const struct record *record)
{
	const struct record_part *part = record_find_part(
		record, PART_ARGUMENT, PHASE_BEFORE, 0);
	const uint8_t *bytes = find_bytes(record, PHASE_BEFORE,
					  sizeof(struct kvm_cpuid2));
	struct kvm_cpuid_entry2 entry;

	registers->has_cpuid = true;
	for (size_t at = sizeof(struct kvm_cpuid2);
	     bytes && at + sizeof(entry) <= part->length;
	     at += sizeof(entry)) {
		memcpy(&entry, bytes + at, sizeof(entry));
		if (entry.function == 0x80000008)
			registers->cpu.physical_bits = (uint8_t)entry.eax;
		if (entry.function == 0x80000001)
			registers->cpu.lacks_gib_pages =
				!(entry.edx & 1u << 26);
	}
}

/* Registers in kvm_run, when its mask names them: api.rst, KVM_CAP_SYNC_REGS. */
static bool apply_sync(struct registers *registers,
		       const struct record *record, enum record_phase phase)
{
	const struct record_part *run = record_find_part(record, PART_RUN,
							 phase, 0);
	const uint8_t *bytes, *regs;
	uint64_t mask;

	if (!run || run->length < ABI_RUN_SYNC_BYTES)
		return false;
	bytes = record_part_bytes(record, run);
	mask = abi_run_sync_mask(bytes, phase == PHASE_AFTER);
	regs = bytes + ABI_RUN_BYTES;
	if (mask & KVM_SYNC_X86_REGS) {
		memcpy(&registers->regs,
		       regs + offsetof(struct kvm_sync_regs, regs),
		       sizeof(registers->regs));
		registers->has_regs = true;
	}
	if (mask & KVM_SYNC_X86_SREGS)
		set_sregs(registers,
			  regs + offsetof(struct kvm_sync_regs, sregs));
	return mask & (KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS);
}

void registers_apply(struct registers *registers, const struct record *record)
{
	switch (record_request(record)) {
	case KVM_SET_REGS:
		apply_regs(registers, record, PHASE_BEFORE);
		break;
	case KVM_GET_REGS:
		apply_regs(registers, record, PHASE_AFTER);
		return;
	case KVM_SET_SREGS:
		apply_sregs(registers, record, PHASE_BEFORE);
		break;
	case KVM_GET_SREGS:
		apply_sregs(registers, record, PHASE_AFTER);
		return;
	case KVM_SET_SREGS2:
		apply_sregs2(registers, record, PHASE_BEFORE);
		break;
	case KVM_GET_SREGS2:
		apply_sregs2(registers, record, PHASE_AFTER);
		return;
	case KVM_SET_MSRS:
		apply_msrs(registers, record);
		return;
	case KVM_SET_CPUID2:
		apply_cpuid(registers, record);
		return;
	case KVM_SET_CPUID:
		registers->has_cpuid = true;
		return;
	case KVM_RUN:
		if (!apply_sync(registers, record, PHASE_BEFORE))
			return;
		break;
	default:
		return;
	}
	registers->changes++;
}

void registers_ran(struct registers *registers, const struct record *record)
{
	registers->has_regs = registers->has_sregs = false;
	apply_sync(registers, record, PHASE_AFTER);
}
