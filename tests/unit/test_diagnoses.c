/* Diagnoses: when a rule speaks, when it must not, and what becomes of it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "annotate/notes.h"
#include "records.h"

static struct session *session;
static struct notes notes;
static struct record record;
static uint64_t seq;

/* The record is next in the trace. */
static void take(void)
{
	struct session_view view;

	session_apply(session, &record, &view);
	notes_find(&notes, &record, &view, seq);
	session_numbered(session, &record, seq++);
}

static const struct note *find(const char *code)
{
	for (unsigned int i = 0; i < notes.count; i++)
		if (!strcmp(diagnoses[notes.list[i].code].code, code))
			return &notes.list[i];
	return NULL;
}

static void assert_note(const char *code, enum note_severity severity)
{
	const struct note *note = find(code);

	if (!note)
		fail_msg("no note %s, but %u others", code, notes.count);
	assert_int_equal(note->severity, severity);
}

static void assert_none(void)
{
	if (notes.count)
		fail_msg("a note %s", diagnoses[notes.list[0].code].code);
}

static void begin_on(const char *module)
{
	const struct record_start start = { .kvm_module = module };

	notes_begin(&notes, &start);
}

static void make_machine(void)
{
	make_creation(&record, &kvm_file, KVM_CREATE_VM, 0, &vm_file, 4);
	take();
	make_creation(&record, &vm_file, KVM_CREATE_VCPU, 0, &vcpu_file, 5);
	take();
}

static int set_up(void **state)
{
	(void)state;
	session = session_new();
	seq = 1;
	make_machine();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	notes_free(&notes);
	memset(&notes, 0, sizeof(notes));
	session_free(session);
	record_free(&record);
	memset(&record, 0, sizeof(record));
	return 0;
}

static void take_call(const struct record_file *file, uint64_t request,
		      const void *argument, uint32_t bytes, int64_t result)
{
	make_ioctl(&record, file, request, 0x1000, result);
	add_bytes(&record, PART_ARGUMENT, PHASE_BEFORE, 0, argument, bytes);
	take();
}

static void take_sregs(const struct kvm_sregs *sregs, int64_t result)
{
	take_call(&vcpu_file, KVM_SET_SREGS, sregs, sizeof(*sregs), result);
}

static void take_exit(int status, int signal)
{
	record_reset(&record, RECORD_EXIT);
	record.pid = record.tid = 100;
	record.status = status;
	record.signal = signal;
	take();
}

static void take_run(const struct kvm_run *after, int64_t result)
{
	static const struct kvm_run before;

	make_run(&record, &vcpu_file, &before, after, result);
	take();
}

static void take_exit_reason(uint32_t reason)
{
	const struct kvm_run run = { .exit_reason = reason };

	take_run(&run, 0);
}

/* Of a guest that was looked at: its code is not to be read. */
static void take_shutdown_of_looked(void)
{
	static const struct kvm_run before;
	const struct kvm_run after = { .exit_reason = KVM_EXIT_SHUTDOWN };

	make_run(&record, &vcpu_file, &before, &after, 0);
	record.looked = true;
	take();
}

static void test_sentences(void **state)
{
	(void)state;
	for (int i = 0; i < DIAGNOSIS_CODES; i++) {
		const struct diagnosis *row = &diagnoses[i];

		assert_non_null(row->code);
		assert_ptr_equal(diagnosis_find(row->code), row);
		assert_int_equal(row->cause[strlen(row->cause) - 1], '.');
		if (row->remedy)
			assert_int_equal(row->remedy[strlen(row->remedy) - 1],
					 '.');
	}
	assert_null(diagnosis_find("no-such-code"));
	assert_null(diagnosis_find(""));
}

#define LONG_CR0 0x80000011u
#define LONG_CR4 0x20u
#define LONG_EFER 0x500u

/* Each breaks one rule; 0 in the end: KVM accepts it. */
static const struct sregs_row {
	uint64_t cr0, cr3, cr4, efer;
	uint8_t l;
	const char *code;
} sregs_rows[] = {
	{ LONG_CR0, 0, LONG_CR4, 0x100, 1, "sregs-lma-missing" },
	{ LONG_CR0, 0, 0, LONG_EFER, 1, "sregs-pae-missing" },
	{ 0x11, 0, LONG_CR4, LONG_EFER, 0, "sregs-lma-without-paging" },
	{ LONG_CR0, 0, LONG_CR4, 0x400, 0, "sregs-lma-without-paging" },
	{ 0x11, 0, 0, 0, 1, "sregs-cs-l-without-lma" },
	{ LONG_CR0, 0, LONG_CR4, 0, 1, "sregs-cs-l-without-lma" },
	{ 0x80000010, 0, 0, 0, 0, "cr0-pg-without-pe" },
	{ 0x20000011, 0, 0, 0, 0, "cr0-nw-without-cd" },
	{ 0xffffffff80000011, 0, LONG_CR4, LONG_EFER, 1, "cr0-high-bits" },
	{ 0x11, 0, 1u << 19, 0, 0, "cr4-reserved-bits" },
	{ LONG_CR0, 0x7f0000000000, LONG_CR4, LONG_EFER, 1, "cr3-beyond-maxphyaddr" },
	/* VMXE, CET: features that the machine may lack, and no CPUID */
	{ 0x11, 0, 1u << 13, 0, 0, "cr4-reserved-bits" },
	{ 0x11, 0, 1u << 23, 0, 0, "cr4-reserved-bits" },
};

static struct kvm_sregs make_sregs(const struct sregs_row *row)
{
	struct kvm_sregs sregs = { .cr0 = row->cr0, .cr3 = row->cr3,
				   .cr4 = row->cr4, .efer = row->efer };

	sregs.cs.l = row->l;
	return sregs;
}

static void test_sregs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sregs_rows) / sizeof(sregs_rows[0]);
	     i++) {
		struct kvm_sregs sregs = make_sregs(&sregs_rows[i]);

		take_sregs(&sregs, -EINVAL);
		assert_note(sregs_rows[i].code, NOTE_WARN);
		assert_int_equal(notes.count, 1);
		take_sregs(&sregs, 0);
		assert_none();
		take_sregs(&sregs, -EFAULT);
		assert_null(find(sregs_rows[i].code));
	}
}

static void test_sound_sregs_that_are_refused(void **state)
{
	const struct sregs_row row = { LONG_CR0, 0x2000, LONG_CR4, LONG_EFER,
				       1, NULL };
	struct kvm_sregs sregs = make_sregs(&row);

	(void)state;
	take_sregs(&sregs, -EINVAL); /* by a rule that isn't known here */
	assert_none();
}

static void take_cpuid(uint32_t leaf, uint32_t ebx, uint32_t ecx,
		       int64_t result)
{
	const struct {
		struct kvm_cpuid2 head;
		struct kvm_cpuid_entry2 entries[1];
	} cpuid = { .head.nent = 1, .entries = { {
		.function = leaf, .ebx = ebx, .ecx = ecx } } };

	take_call(&vcpu_file, KVM_SET_CPUID2, &cpuid, sizeof(cpuid), result);
}

static void test_cr4_by_cpuid(void **state)
{
	struct kvm_sregs sregs = { .cr0 = 0x11, .cr4 = 1u << 20 /* SMEP */ };

	(void)state;
	take_cpuid(7, 0, 0, 0);
	take_sregs(&sregs, -EINVAL);
	assert_note("cr4-reserved-bits", NOTE_WARN);
	assert_int_equal(find("cr4-reserved-bits")->seq_count, 2);
	take_cpuid(7, 1u << 7, 0, 0);
	take_sregs(&sregs, -EINVAL);
	assert_none();
	sregs.cr4 = 1u << 23; /* CET, by its shadow stacks */
	take_sregs(&sregs, -EINVAL);
	assert_note("cr4-reserved-bits", NOTE_WARN);
	take_cpuid(7, 0, 1u << 7, 0);
	take_sregs(&sregs, -EINVAL);
	assert_none();
}

static void test_apic_base(void **state)
{
	struct kvm_sregs sregs = { .cr0 = 0x11, .apic_base = 0xfee00900 };

	(void)state;
	take_sregs(&sregs, -EINVAL);
	assert_none();
	sregs.apic_base = 0xfee00901;
	take_sregs(&sregs, -EINVAL);
	assert_note("apic-base-invalid", NOTE_WARN);
	sregs.apic_base = 1ull << 36 | 0x900;
	take_sregs(&sregs, -EINVAL);
	assert_note("apic-base-invalid", NOTE_WARN);
	sregs.apic_base = 0xfee00500; /* x2APIC, and no APIC */
	take_sregs(&sregs, -EINVAL);
	assert_note("apic-base-invalid", NOTE_WARN);
	sregs.apic_base = 0xfee00d00;
	take_cpuid(1, 0, 0, 0);
	take_sregs(&sregs, -EINVAL);
	assert_note("apic-base-invalid", NOTE_WARN);
	take_cpuid(1, 0, 1u << 21, 0);
	take_sregs(&sregs, -EINVAL);
	assert_none();
}

static void take_new_vcpu(uint32_t id)
{
	make_ioctl(&record, &vm_file, KVM_CREATE_VCPU, id, -EINVAL);
	take();
}

static void test_more_refusals(void **state)
{
	(void)state;
	take_new_vcpu(1); /* perhaps there are too many */
	assert_none();
	take_new_vcpu(0x100000);
	assert_note("vcpu-id-too-large", NOTE_WARN);
	take_cpuid(1, 0, 0, -EINVAL);
	assert_none();
	take_exit_reason(KVM_EXIT_HLT);
	take_cpuid(1, 0, 0, -EINVAL);
	assert_note("cpuid-after-run", NOTE_WARN);
	assert_int_equal(find("cpuid-after-run")->seq_count, 2);
}

static void take_slot(uint32_t slot, uint64_t gpa, uint64_t bytes,
		      uint64_t hva, int64_t result)
{
	const struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = gpa, .memory_size = bytes,
		.userspace_addr = hva,
	};

	take_call(&vm_file, KVM_SET_USER_MEMORY_REGION, &region,
		  sizeof(region), result);
}

static void test_slots(void **state)
{
	(void)state;
	take_slot(0, 0, 0x10000, 0x7f0000000000, 0);
	take_slot(7, 0x20000, 0x10000, 0x7f0000000000, 0); /* an alias */
	assert_none();
	take_slot(1, 0xf000, 0x1000, 0x7f0000100000, -EEXIST);
	assert_note("slot-overlap", NOTE_WARN);
	take_slot(1, 0, 0x30000, 0x7f0000100000, -EEXIST); /* all of them */
	assert_note("slot-overlap", NOTE_WARN);
	take_slot(0, 0, 0x20000, 0x7f0000000000, -EINVAL);
	assert_note("slot-resized", NOTE_WARN);
	take_slot(0, 0, 0x10000, 0x7f0000100000, -EINVAL);
	assert_note("slot-changed", NOTE_WARN);
	take_slot(1, 0x40010, 0x1000, 0x7f0000100000, -EINVAL);
	assert_note("slot-unaligned", NOTE_WARN);
	take_slot(0x20001, 0x40000, 0x1000, 0x7f0000100000, -EINVAL);
	assert_note("slot-number", NOTE_WARN);
	take_slot(1, 0x40000, 0x1000, 0x7f0000100000, -EINVAL);
	assert_none();
	take_slot(3, 0x40000, 0, 0, -EINVAL);
	assert_note("slot-absent", NOTE_WARN);
	take_slot(3, -0x1000ull, 0x2000, 0x7f0000000000, -EINVAL);
	assert_note("slot-range", NOTE_WARN);
	take_slot(3, 1ull << 52, 0x1000, 0x7f0000000000, -EINVAL);
	assert_note("slot-range", NOTE_WARN);
	take_slot(3, 0x40000, 0x1000, -0x1000ull, -EINVAL);
	assert_note("slot-range", NOTE_WARN);
	take_slot(3, 0, 1ull << 43, 0x7f0000000000, -EINVAL);
	assert_note("slot-range", NOTE_WARN);
	take_slot(0, 0, 0, 0, 0);
	take_slot(0, 0, 0x20000, 0x7f0000000000, -EINVAL);
	assert_none(); /* it was deleted, so this isn't why */
}

static void test_an_error_when_it_gives_up(void **state)
{
	struct kvm_sregs sregs = make_sregs(&sregs_rows[0]);

	(void)state;
	take_sregs(&sregs, -EINVAL);
	take_exit(1, 0);
	assert_note("sregs-lma-missing", NOTE_ERROR);
	assert_int_equal(find("sregs-lma-missing")->seq_count, 2);
	assert_int_equal(find("sregs-lma-missing")->seqs[1], seq - 2);
}

static void test_no_error_when_it_ends_well(void **state)
{
	struct kvm_sregs sregs = make_sregs(&sregs_rows[0]);

	(void)state;
	take_sregs(&sregs, -EINVAL);
	take_exit(0, 0);
	assert_none();
}

static void test_no_error_when_it_mends(void **state)
{
	struct kvm_sregs sregs = make_sregs(&sregs_rows[0]);

	(void)state;
	take_sregs(&sregs, -EINVAL);
	take_sregs(&sregs, 0);
	take_exit(1, 0);
	assert_none();
	take_sregs(&sregs, -EINVAL);
	take_exit_reason(KVM_EXIT_HLT);
	take_exit(1, 0);
	assert_none();
}

static void test_injected_errors_are_not_diagnosed(void **state)
{
	(void)state;
	make_ioctl(&record, &vm_file, KVM_CREATE_VCPU, 0, -EEXIST);
	record.injected = true;
	take();
	assert_none();
}

static void test_refusals_need_their_reason(void **state)
{
	(void)state;
	make_ioctl(&record, &vm_file, KVM_CREATE_IRQCHIP, 0, -EINVAL);
	take();
	assert_note("irqchip-after-vcpu", NOTE_WARN);
	assert_int_equal(find("irqchip-after-vcpu")->seqs[1], 2);
	make_ioctl(&record, &vm_file, KVM_IRQ_LINE, 0, -ENXIO);
	take();
	assert_note("no-irqchip", NOTE_WARN);
	make_ioctl(&record, &vm_file, KVM_CREATE_IRQCHIP, 0, 0);
	take();
	make_ioctl(&record, &vm_file, KVM_IRQ_LINE, 0, -ENXIO);
	take();
	assert_null(find("no-irqchip"));
	make_ioctl(&record, &vcpu_file, KVM_RUN, 0, -EINVAL);
	take();
	assert_null(find("run-argument"));
}

static void test_processes(void **state)
{
	(void)state;
	make_ioctl(&record, &vcpu_file, KVM_RUN, 0, -EIO);
	take();
	assert_null(find("other-process")); /* its own: for another reason */
	record.pid = 200;
	take();
	assert_note("other-process", NOTE_WARN);
	record_reset(&record, RECORD_EXEC);
	record.pid = 100;
	take();
	make_ioctl(&record, &vcpu_file, KVM_RUN, 0, -EIO);
	take();
	assert_note("other-process", NOTE_WARN);
}

static void test_vendors(void **state)
{
	static const struct {
		const char *module;
		uint64_t why;
		const char *code;
	} rows[] = {
		{ "kvm_intel", 0x80000021, "fail-entry-guest-state" },
		{ NULL, 0x80000021, "fail-entry-guest-state" },
		{ "kvm_amd", 0x80000021, NULL },
		{ "kvm_intel", 0x80000022, NULL },
		{ "kvm_amd", 0xffffffff, "fail-entry-vmrun" },
		{ "kvm_amd", UINT64_MAX, "fail-entry-vmrun" },
		{ "kvm_intel", UINT64_MAX, NULL },
	};
	struct kvm_run run = { .exit_reason = KVM_EXIT_FAIL_ENTRY };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin_on(rows[i].module);
		run.fail_entry.hardware_entry_failure_reason = rows[i].why;
		take_run(&run, 0);
		if (rows[i].code)
			assert_note(rows[i].code, NOTE_WARN);
		else
			assert_none();
	}
}

static void test_shutdown_and_reset(void **state)
{
	const struct kvm_regs regs = { .rip = 0 };

	(void)state;
	take_exit_reason(KVM_EXIT_SHUTDOWN);
	take_exit_reason(KVM_EXIT_SHUTDOWN);
	assert_note("run-after-shutdown", NOTE_WARN);
	take_exit_reason(KVM_EXIT_SHUTDOWN);
	assert_null(find("run-after-shutdown")); /* said once */
	take_call(&vcpu_file, KVM_SET_REGS, &regs, sizeof(regs), 0);
	take_exit_reason(KVM_EXIT_HLT);
	assert_null(find("run-after-shutdown"));
}

static void take_immediate_run(void)
{
	const struct kvm_run before = { .immediate_exit = 1 };

	make_run(&record, &vcpu_file, &before, &before, -EINTR);
	take();
}

static void test_immediate_exit(void **state)
{
	(void)state;
	take_immediate_run();
	take_immediate_run();
	assert_none();
	take_exit_reason(KVM_EXIT_HLT);
	take_immediate_run();
	take_immediate_run();
	assert_none();
	take_immediate_run();
	assert_note("immediate-exit-stuck", NOTE_WARN);
	take_immediate_run();
	assert_none();
}

/* The guest reads the port, and the program answers. */
static void take_read(uint16_t port, uint8_t answer)
{
	struct kvm_run run = io_run(false, port, 1, 1);

	make_run(&record, &vcpu_file, &run, &run, 0);
	add_bytes(&record, PART_RUN_DATA, PHASE_BEFORE, DATA_OFFSET, &answer,
		  1);
	take();
}

static void test_polling(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		take_read(0x3fd, 0x60);
		assert_none();
	}
	for (int i = 0; i < 15; i++) {
		take_read(0x3fd, 0x40);
		assert_none();
	}
	take_read(0x3fd, 0x40);
	assert_note("serial-never-ready", NOTE_WARN);
	for (int i = 0; i < 100; i++)
		take_read(0x64, 0); /* another port may be polled */
	take_read(0x64, 0);
	assert_none();
}

static void test_reads_that_nobody_answers(void **state)
{
	(void)state;
	take_read(0x60, 0);
	take_read(0x60, 0);
	take_exit(0, 0);
	assert_note("read-not-completed", NOTE_INFO); /* 0 may be meant */
}

static void test_reads_that_are_answered_with_0(void **state)
{
	(void)state;
	take_read(0x60, 0);
	take_read(0x60, 0);
	take_read(0x61, 5);
	take_read(0x60, 0);
	take_exit(0, 0);
	assert_none();
}

static void take_signal(int signal)
{
	record_reset(&record, RECORD_SIGNAL);
	record.pid = record.tid = 100;
	record.signal = signal;
	take();
}

static void test_interrupted(void **state)
{
	(void)state;
	take_run(NULL, -EINTR);
	assert_none();
	take_exit(0, 0);
	assert_none();
	take_run(NULL, -EINTR);
	take_exit(1, 0);
	assert_note("eintr-taken-as-fatal", NOTE_WARN);
	take_run(NULL, -EINTR);
	take_exit(124, 0);
	assert_note("eintr-taken-as-fatal", NOTE_INFO); /* it was chosen */
	take_run(NULL, -EINTR);
	take_signal(14);
	take_exit(1, 0);
	assert_note("eintr-taken-as-fatal", NOTE_INFO); /* its own alarm */
	take_run(NULL, -EINTR);
	take_exit(0, 15);
	assert_none(); /* it was told to end */
	take_run(NULL, -EINTR);
	take_exit_reason(KVM_EXIT_HLT);
	take_exit(1, 0);
	assert_none(); /* it went on */
}

static void test_interrupts(void **state)
{
	struct kvm_run run = io_run(true, 0x80, 1, 1);
	const struct kvm_interrupt interrupt = { .irq = 32 };

	(void)state;
	take_run(&run, 0);
	take_call(&vcpu_file, KVM_INTERRUPT, &interrupt, sizeof(interrupt), 0);
	assert_note("interrupt-while-if-0", NOTE_WARN);
	run.ready_for_interrupt_injection = run.if_flag = 1;
	take_run(&run, 0);
	take_call(&vcpu_file, KVM_INTERRUPT, &interrupt, sizeof(interrupt), 0);
	assert_none();
}

/* What was forced on a guest that dies of it is the cause. */
static void test_interrupts_that_kill(void **state)
{
	const struct kvm_regs regs = { .rip = 0x1000, .rflags = 2 };
	const struct kvm_interrupt interrupt = { .irq = 32 };
	const struct kvm_sregs sregs = { .cr0 = 0x10 };

	(void)state;
	take_slot(0, 0, 0x10000, 0x7f0000000000, 0);
	take_sregs(&sregs, 0);
	take_call(&vcpu_file, KVM_SET_REGS, &regs, sizeof(regs), 0);
	take_call(&vcpu_file, KVM_INTERRUPT, &interrupt, sizeof(interrupt), 0);
	assert_note("interrupt-while-if-0", NOTE_WARN);
	take_shutdown_of_looked();
	assert_note("interrupt-while-if-0", NOTE_WARN);
	assert_int_equal(find("interrupt-while-if-0")->seqs[1], seq - 2);
	assert_note("triple-fault-no-idt", NOTE_INFO);
	take_exit(1, 0);
	assert_note("interrupt-while-if-0", NOTE_ERROR);
}

static bool says(const char *code, const char *words)
{
	const struct note *note = find(code);

	return note && memmem(notes.text.data + note->offset, note->length,
			      words, strlen(words));
}

/* It is entered anew, at ud2, and shuts down. */
static void take_shutdown_at_ud2(const struct kvm_sregs *sregs)
{
	static const uint8_t code[] = { 0x0f, 0x0b };
	static const struct kvm_run before;
	const struct kvm_run after = { .exit_reason = KVM_EXIT_SHUTDOWN };

	take_sregs(sregs, 0);
	make_run(&record, &vcpu_file, &before, &after, 0);
	add_bytes(&record, PART_GUEST, PHASE_BEFORE, 0, code, sizeof(code));
	record.parts[record.part_count - 1].address = 0x7f0000001000;
	record.looked = true;
	take();
}

/* Where the guest was entered with an IDT nobody knows what it handled. */
static void test_traps_and_tables(void **state)
{
	const struct kvm_regs regs = { .rip = 0x1000 };
	struct kvm_sregs sregs = { .cr0 = 0x11, .cs.db = 1,
				   .idt.limit = 0xffff };

	(void)state;
	take_slot(0, 0, 0x10000, 0x7f0000000000, 0);
	take_call(&vcpu_file, KVM_SET_REGS, &regs, sizeof(regs), 0);
	take_shutdown_at_ud2(&sregs);
	assert_true(says("triple-fault-no-idt", "\"ud2\""));
	sregs.idt = (struct kvm_dtable){ .base = 0x2000, .limit = 0x7ff };
	take_call(&vcpu_file, KVM_SET_REGS, &regs, sizeof(regs), 0);
	take_shutdown_at_ud2(&sregs);
	assert_true(says("triple-fault-no-idt", "0x2000"));
	assert_false(says("triple-fault-no-idt", "ud2"));
	sregs.idt.limit = 0x17; /* too short for it */
	take_call(&vcpu_file, KVM_SET_REGS, &regs, sizeof(regs), 0);
	take_shutdown_at_ud2(&sregs);
	assert_true(says("triple-fault-no-idt", "\"ud2\""));
}

/* Behind a run only what the program sets or asks for is known. */
static void test_unknown_guests(void **state)
{
	const struct kvm_regs regs = { .rip = 0x1000 };

	(void)state;
	take_shutdown_of_looked();
	assert_null(find("guest-unknown"));
	make_ioctl(&record, &vcpu_file, KVM_SET_REGS, 0x1000, 0);
	add_bytes(&record, PART_ARGUMENT, PHASE_BEFORE, 0, &regs,
		  sizeof(regs));
	record.looked = true;
	take();
	assert_note("guest-unknown", NOTE_INFO);
	take_shutdown_of_looked();
	assert_null(find("guest-unknown")); /* said once */
	assert_note("triple-fault-no-idt", NOTE_WARN);
}

static void take_regs(uint64_t request, uint64_t rax)
{
	const struct kvm_regs regs = { .rax = rax };

	make_ioctl(&record, &vcpu_file, request, 0x1000, 0);
	add_bytes(&record, PART_ARGUMENT,
		  request == KVM_GET_REGS ? PHASE_AFTER : PHASE_BEFORE, 0,
		  &regs, sizeof(regs));
	take();
}

static void test_registers_during_a_read(void **state)
{
	(void)state;
	take_read(0x60, 1);
	take_regs(KVM_GET_REGS, 5);
	assert_note("regs-before-completion", NOTE_INFO);
	take_regs(KVM_SET_REGS, 5);
	assert_none(); /* al is KVM's to write, and left alone */
	take_regs(KVM_SET_REGS, 6);
	assert_note("regs-before-completion", NOTE_WARN);
	take_regs(KVM_SET_REGS, 7);
	assert_none(); /* said once */
	take_read(0x60, 1);
	assert_note("regs-before-completion", NOTE_INFO);
}

/* Exits on which a program may well end, and such as want an answer. */
static void test_last_exits(void **state)
{
	struct kvm_run run = io_run(true, 0xf4, 1, 1);

	(void)state;
	take_run(&run, 0);
	take_exit(3, 0);
	assert_none();
	take_exit_reason(KVM_EXIT_DEBUG);
	take_exit(1, 0);
	assert_none();
	run = io_run(false, 0xf4, 1, 1);
	take_run(&run, 0);
	take_exit(3, 0);
	assert_note("exit-unhandled", NOTE_INFO);
}

static void test_few_entries(void **state)
{
	const struct kvm_cpuid2 cpuid = { .nent = 4 };

	(void)state;
	take_call(&kvm_file, KVM_GET_SUPPORTED_CPUID, &cpuid, sizeof(cpuid),
		  -E2BIG);
	assert_note("too-few-entries", NOTE_INFO);
	take_exit(1, 0);
	assert_note("too-few-entries", NOTE_ERROR);
	take_call(&kvm_file, KVM_GET_SUPPORTED_CPUID, &cpuid, sizeof(cpuid),
		  -E2BIG);
	take_call(&kvm_file, KVM_GET_SUPPORTED_CPUID, &cpuid, sizeof(cpuid), 0);
	take_exit(1, 0);
	assert_none();
}

/* Lines that the trace leaves out can't be cited, and no note needs them. */
static void test_without_lines(void **state)
{
	struct kvm_sregs sregs = make_sregs(&sregs_rows[0]);

	(void)state;
	seq = NOTES_NO_SEQ;
	take_sregs(&sregs, -EINVAL);
	seq = 50;
	take_exit(1, 0);
	assert_note("sregs-lma-missing", NOTE_ERROR);
	assert_int_equal(find("sregs-lma-missing")->seq_count, 1);
}

/* As many processes, vCPUs and notes as there are. */
static void test_many(void **state)
{
	(void)state;
	for (int i = 0; i < 3000; i++) {
		make_ioctl(&record, &vcpu_file, KVM_RUN, 0, -EIO);
		record.pid = record.tid = 1000 + i;
		record.unfinished = i % 2;
		take();
	}
	for (uint32_t i = 0; i < 3000; i++) {
		make_ioctl(&record, &vcpu_file, KVM_RUN, 0, 0);
		record.file.id = 100 + i;
		take();
	}
	assert_true(notes.count <= NOTES_MAX);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sentences), TEST(test_sregs),
		TEST(test_sound_sregs_that_are_refused),
		TEST(test_cr4_by_cpuid), TEST(test_apic_base),
		TEST(test_more_refusals), TEST(test_slots),
		TEST(test_an_error_when_it_gives_up),
		TEST(test_no_error_when_it_ends_well),
		TEST(test_no_error_when_it_mends),
		TEST(test_injected_errors_are_not_diagnosed),
		TEST(test_refusals_need_their_reason), TEST(test_processes),
		TEST(test_vendors), TEST(test_shutdown_and_reset),
		TEST(test_immediate_exit), TEST(test_polling),
		TEST(test_reads_that_nobody_answers),
		TEST(test_reads_that_are_answered_with_0),
		TEST(test_interrupted), TEST(test_interrupts),
		TEST(test_interrupts_that_kill), TEST(test_traps_and_tables),
		TEST(test_unknown_guests),
		TEST(test_registers_during_a_read), TEST(test_last_exits),
		TEST(test_few_entries), TEST(test_without_lines),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
