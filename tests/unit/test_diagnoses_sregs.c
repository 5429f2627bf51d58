/* Diagnoses of special registers that KVM refuses. */
#include "diagnosed.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sregs), TEST(test_sound_sregs_that_are_refused),
		TEST(test_cr4_by_cpuid), TEST(test_apic_base),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
