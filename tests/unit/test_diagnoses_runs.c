/* Diagnoses of exits, and of what the program does about them. */
#include "diagnosed.h"

static void begin_on(const char *module)
{
	const struct record_start start = { .kvm_module = module };

	notes_begin(&notes, &start);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_vendors), TEST(test_shutdown_and_reset),
		TEST(test_immediate_exit), TEST(test_polling),
		TEST(test_reads_that_nobody_answers),
		TEST(test_reads_that_are_answered_with_0),
		TEST(test_registers_during_a_read), TEST(test_interrupted),
		TEST(test_interrupts), TEST(test_last_exits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
