/*
 * `explain` on names as people bring them: the headers' own where our tables
 * have another, paths of C and of traces, and numbers, which mean many things.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "explained.h"

/* GP_VECTOR, and what no structure holds. */
static void test_names_of_headers(void **state)
{
	(void)state;
	assert_says("GP_VECTOR", "#GP: value 13 of exception vectors");
	assert_says("pf_vector", "#PF: value 14 of exception vectors");
	assert_says("KVM_CPUID_SIGNATURE", "hypervisor: value 0x40000000");
	assert_says("KVM_CPUID_FEATURES", "KVM_FEATURE_*: ");
	assert_says("KVM_DEV_VFIO_GROUP_DEL", "KVM_DEV_VFIO_FILE_DEL: value 2");
	assert_says("KVM_EPERM", "-KVM_EPERM: value 0xffffffffffffffff");
	assert_says("KVM_API_VERSION", "a constant, 12\n");
	assert_says("KVM_STEAL_VALID_BITS", "0xffffffffffffffc0");
	assert_silent("EPERM", "-KVM_EPERM");
	assert_int_equal(problems, 0);
}

/* As C writes them, and as a query of a trace does. */
static void test_paths(void **state)
{
	static const char *const none[] = {
		".in", ".in.", ".in.[", "[]", "[", "]", ".u.", ".exit.[]",
		"kvm_sregs[", "kvm_irq_routing_entry.u.xyzzy",
	};

	(void)state;
	assert_says("kvm_hyperv_exit.u.synic.msr",
		    "kvm_hyperv_exit.synic.msr: a member");
	assert_says("kvm_irq_routing_entry.u.msi",
		    "struct kvm_irq_routing_msi: 16 bytes");
	assert_says("kvm_irqchip.chip.ioapic", "kvm_ioapic_state: 216 bytes");
	assert_says("kvm_irqchip.chip.ioapic.redirtbl[2].fields.mask",
		    "kvm_ioapic_state.redirtbl.fields.mask: a member");
	assert_says("kvm_ioapic_state.redirtbl[].fields.vector",
		    "kvm_ioapic_state.redirtbl.fields.vector: a member");
	assert_says(".in.cs.l", "kvm_segment.l: a member");
	assert_says(".out.entries[0].function", "kvm_cpuid_entry2.function");
	assert_says(".exit.io.port", "kvm_run.io.port: a member");
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (*explain(none[i]))
			problem("'%s': %s", none[i], buffer_string(&answer));
	assert_int_equal(problems, 0);
}

static void test_all_meanings_of_a_number(void **state)
{
	(void)state;
	assert_says("0x80000021", "Intel: EXIT_REASON_INVALID_STATE: ");
	assert_says("0x80000021", "AMD extended features 2: ");
	assert_says("0xe9", "debug console: value 0xe9 of I/O ports");
	assert_says("233", "debug console: value 0xe9 of I/O ports");
	assert_says("233", "KVM_CAP_MEMORY_ATTRIBUTES: ");
	assert_says("0xcff", "PCI configuration data: ");
	assert_silent("0xd00", "PCI configuration data: ");
	assert_says("13", "#GP: value 13");
	assert_says("2", "EXIT_REASON_TRIPLE_FAULT (EXIT_REASON_*)");
	/* Flags are no numbers. */
	assert_silent("2", "KVM_MEM_READONLY");
	assert_int_equal(problems, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_names_of_headers, forget_problems),
		cmocka_unit_test_setup(test_paths, forget_problems),
		cmocka_unit_test_setup(test_all_meanings_of_a_number,
				       forget_problems),
	};

	return cmocka_run_group_tests(tests, NULL, free_answer);
}
