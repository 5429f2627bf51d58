/* Diagnoses of guests that die: what of them is known, and what is to blame. */
#include "diagnosed.h"

/* Of a guest that was looked at: its code is not to be read. */
static void take_shutdown_of_looked(void)
{
	static const struct kvm_run before;
	const struct kvm_run after = { .exit_reason = KVM_EXIT_SHUTDOWN };

	make_run(&record, &vcpu_file, &before, &after, 0);
	record.looked = true;
	take();
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_interrupts_that_kill), TEST(test_traps_and_tables),
		TEST(test_unknown_guests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
