/*
 * Diagnoses of calls that KVM refuses: each needs the reason that it names, and
 * is silent where another one may be meant.
 */
#include "diagnosed.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_more_refusals), TEST(test_slots),
		TEST(test_injected_errors_are_not_diagnosed),
		TEST(test_refusals_need_their_reason), TEST(test_processes),
		TEST(test_few_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
