/*
 * `explain`: each thing in the tables is explained under its name, in any
 * case of letters, in plain lines of 80 columns; and what a few must say.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "explain/internal.h"
#include "explained.h"

#define COLUMNS 80

static const char *near(const char *name)
{
	buffer_reset(&answer);
	explain_near_misses(&answer, name);
	return buffer_string(&answer);
}

/* Everything */

static void check_layout(const char *name, const char *text)
{
	const char *line = text;

	for (const char *at = text; *at; at++) {
		if (*at != '\n') {
			if (*at < 0x20 || *at > 0x7e)
				problem("%s: byte %d", name, *at);
			continue;
		}
		if (at - line > COLUMNS)
			problem("%s: a line of %d columns", name,
				(int)(at - line));
		if (at > line && at[-1] == ' ')
			problem("%s: blanks at a line's end", name);
		line = at + 1;
	}
	if (line == text || *line)
		problem("%s: no lines", name);
}

/* Under its name in capitals and in small letters alike. */
static void check_name(const char *name)
{
	char other[256];
	unsigned int found;

	buffer_reset(&answer);
	found = explain_name(&answer, name);
	if (!found || !strstr(buffer_string(&answer), name))
		problem("%s: not explained", name);
	check_layout(name, buffer_string(&answer));
	snprintf(other, sizeof(other), "%s", name);
	for (char *at = other; *at; at++)
		*at = (char)(isupper((unsigned char)*at) ?
			     tolower((unsigned char)*at) :
			     toupper((unsigned char)*at));
	buffer_reset(&answer);
	if (explain_name(&answer, other) != found)
		problem("%s: not the same as %s", other, name);
}

static void test_ioctls_and_exits(void **state)
{
	char number[24];

	(void)state;
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		check_name(abi_ioctls[i].name);
		snprintf(number, sizeof(number), "0x%x", abi_ioctls[i].request);
		assert_says(number, abi_ioctls[i].name);
	}
	for (size_t i = 0; i < abi_exit_count; i++) {
		check_name(abi_exits[i].name);
		snprintf(number, sizeof(number), "%u", abi_exits[i].code);
		assert_says(number, abi_exits[i].name);
	}
	assert_int_equal(problems, 0);
}

static void check_type(const struct abi_type *type)
{
	char name[256];

	check_name(type->name);
	for (uint32_t i = 0; i < type->field_count; i++) {
		check_name(type->fields[i].name);
		snprintf(name, sizeof(name), "%s.%s", type->name,
			 type->fields[i].name);
		check_name(name);
	}
}

static void test_types_and_members(void **state)
{
	struct explain_set all = { 0 };

	(void)state;
	explain_set_fill(&all);
	for (size_t i = 0; i < all.type_count; i++)
		check_type(all.types[i]);
	explain_set_done(&all);
	assert_int_equal(problems, 0);
}

static void test_families_and_constants(void **state)
{
	struct explain_set all = { 0 };

	(void)state;
	explain_set_fill(&all);
	for (size_t i = 0; i < all.family_count; i++) {
		check_name(all.families[i]->family);
		for (size_t j = 0; j < all.families[i]->count; j++)
			check_name(all.families[i]->list[j].name);
	}
	explain_set_done(&all);
	assert_int_equal(problems, 0);
}

/* Each kind of thing */

static void test_ioctl(void **state)
{
	(void)state;
	assert_says("KVM_SET_SREGS", "KVM_SET_SREGS: an ioctl\n");
	assert_says("KVM_SET_SREGS", "0x4138ae84, _IOW(0xae, 0x84) of 312");
	assert_says("KVM_SET_SREGS", "a vcpu descriptor");
	assert_says("KVM_SET_SREGS", "struct kvm_sregs, which KVM reads");
	assert_says("KVM_SET_SREGS", "kvm_vcpu_ioctl, then kvm_arch_vcpu_ioctl_"
		    "set_sregs");
	assert_says("KVM_SET_SREGS", "api.rst 4.14");
	assert_says("KVM_SET_SREGS", "     224       8  u64 cr0");
	/* The structures inside the argument, each once. */
	assert_says("KVM_SET_SREGS", "struct kvm_segment: 24 bytes");
	assert_silent("KVM_SET_SREGS", "used by");
	assert_says("KVM_CREATE_VM", "a new descriptor");
	assert_says("KVM_CREATE_VM", "u32 machine_type, a value");
	assert_says("KVM_CHECK_EXTENSION", "a vm descriptor");
	assert_says("KVM_CHECK_EXTENSION", "a system descriptor (/dev/kvm)");
	assert_says("KVM_SET_MSRS", "entries[nmsrs]");
	assert_says("KVM_SET_MSRS", "how many were done");
	assert_says("KVM_RUN", "immediate_exit");
	assert_int_equal(problems, 0);
}

/* One number, two requests: only the descriptor tells them apart. */
static void test_one_number_twice(void **state)
{
	(void)state;
	assert_says("0x4010aeab", "KVM_GET_ONE_REG: an ioctl");
	assert_says("0x4010aeab", "KVM_ARM_SET_DEVICE_ADDR: an ioctl");
	assert_int_equal(problems, 0);
}

static void test_exit(void **state)
{
	(void)state;
	assert_says("KVM_EXIT_IO", "exit reason 2 of KVM_RUN");
	assert_says("KVM_EXIT_IO", "u16 port");
	assert_says("KVM_EXIT_IO", "KVM_EXIT_IO_OUT");
	assert_says("mmio", "KVM_EXIT_MMIO");
	assert_says("KVM_EXIT_HLT", "none of struct kvm_run's union");
	assert_int_equal(problems, 0);
}

static void test_struct(void **state)
{
	(void)state;
	assert_says("kvm_sregs", "struct kvm_sregs: 312 bytes");
	assert_says("struct kvm_sregs", "struct kvm_sregs: 312 bytes");
	assert_says("kvm_sregs", "KVM_GET_SREGS");
	assert_says("kvm_segment", "kvm_sregs.cs");
	assert_says("kvm_irq_routing_entry",
		    "KVM_IRQ_ROUTING_MSI: msi: address_lo");
	assert_int_equal(problems, 0);
}

static void test_member(void **state)
{
	(void)state;
	assert_says("cr0", "kvm_sregs.cr0: a member, at offset 224");
	assert_says("cr0", "kvm_sregs2.cr0");
	assert_says("kvm_sregs.cr0", "0x80000000  PG");
	assert_silent("kvm_sregs.cr0", "kvm_sregs2.cr0");
	assert_says("kvm_run.immediate_exit", "u8 immediate_exit");
	assert_says("kvm_sregs.cs.base", "kvm_segment.base");
	assert_says("io.port", "kvm_run.io.port");
	assert_says("kvm_run.mmio.len", "kvm_run.mmio.write.len");
	assert_says("flags", "kvm_enable_cap.flags");
	assert_int_equal(problems, 0);
}

static void test_constant(void **state)
{
	(void)state;
	assert_says("KVM_MEM_READONLY", "flag 0x2 (bit 1) of KVM_MEM_*");
	assert_says("KVM_MEM_READONLY", "kvm_userspace_memory_region.flags");
	assert_says("KVM_MP_STATE_HALTED", "value 3 of KVM_MP_STATE_*");
	assert_says("PAE", "of CR4");
	assert_says("PAE", "of CPUID 1 EDX");
	assert_silent("CR4.PAE", "CPUID");
	assert_says("LMA", "flag 0x400 (bit 10) of EFER");
	assert_says("KVM_MEM_", "KVM_MEM_*: 3 flags");
	assert_int_equal(problems, 0);
}

static void test_capability(void **state)
{
	(void)state;
	assert_says("KVM_CAP_X86_USER_SPACE_MSR", "value 188 of KVM_CAP_*");
	assert_says("KVM_CAP_X86_USER_SPACE_MSR", "KVM_MSR_EXIT_REASON_FILTER");
	/* The argument of KVM_ENABLE_CAP. */
	assert_says("KVM_CAP_X86_NOTIFY_VMEXIT", "notify_window");
	assert_says("188", "KVM_CAP_X86_USER_SPACE_MSR");
	assert_int_equal(problems, 0);
}

static void test_msr_and_cpuid(void **state)
{
	(void)state;
	assert_says("IA32_EFER", "value 0xc0000080 of MSR");
	assert_says("IA32_EFER", "long mode is active");
	assert_says("0xc0000080", "IA32_EFER");
	assert_says("3221225600", "IA32_EFER");
	assert_says("0x80000008", "address sizes");
	assert_says("0x80000008", "physical_bits : 8");
	assert_says("KVM_CPUID_FLAG_SIGNIFCANT_INDEX",
		    "kvm_cpuid_entry2.flags");
	assert_int_equal(problems, 0);
}

static void test_error(void **state)
{
	static const char *const names[] = {
		"EINVAL", "ENOTTY", "EBADF", "EEXIST", "E2BIG", "ENOMEM",
		"EFAULT", "EINTR", "EAGAIN", "EIO", "ENXIO", "EPERM", "EACCES",
		"ENOENT", "EBUSY", "ENOSYS", "EOPNOTSUPP",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		check_name(names[i]);
		assert_says(names[i], "from KVM");
	}
	assert_says("EINTR", "errno 4");
	assert_says("eintr", "Interrupted system call");
	assert_says("EDOM", "errno 33");
	assert_silent("EDOM", "from KVM");
	assert_says("22", "EINVAL");
	assert_int_equal(problems, 0);
}

/* Names that are none */

static void test_unknown(void **state)
{
	static const char *const names[] = {
		"", " ", ".", "kvm_sregs.", ".cr0", "kvm_sregs.cs.", "xyzzy",
		"struct ", "0x", "0xae8g", "99999", "18446744073709551616",
		"kvm_sregs.kvm_sregs", "CR0.", "%s%n", "\xff\x01",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (*explain(names[i]))
			problem("'%s': %s", names[i], buffer_string(&answer));
	assert_int_equal(problems, 0);
}

static void test_near_misses(void **state)
{
	(void)state;
	assert_string_equal(near("KVM_SET_SREG"), "KVM_SET_SREGS");
	assert_string_equal(near("kvm_set_sreg"), "KVM_SET_SREGS");
	assert_string_equal(near("SET_SREGS"), "KVM_SET_SREGS");
	assert_string_equal(near("KVM_MEM_READONYL"), "KVM_MEM_READONLY");
	assert_string_equal(near("struct kvm_sreg"), "kvm_sregs");
	assert_string_equal(near("HLT"),
			    "KVM_EXIT_HLT, hlt or KVM_CAP_HLT");
	assert_string_equal(near("KVM_MEM"), "KVM_MEM_");
	assert_string_equal(near("EINVALL"), "EINVAL");
	assert_string_equal(near("kvm_run.imediate_exit"),
			    "kvm_run.immediate_exit");
	/* Equally near ones, no more than three. */
	assert_string_equal(near("KVM_XET_REGS"),
			    "KVM_SET_REGS or KVM_GET_REGS");
	assert_string_equal(near("xyzzyxyzzy"), "");
	assert_string_equal(near(""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_ioctls_and_exits, forget_problems),
		cmocka_unit_test_setup(test_types_and_members, forget_problems),
		cmocka_unit_test_setup(test_families_and_constants,
				       forget_problems),
		cmocka_unit_test_setup(test_ioctl, forget_problems),
		cmocka_unit_test_setup(test_one_number_twice, forget_problems),
		cmocka_unit_test_setup(test_exit, forget_problems),
		cmocka_unit_test_setup(test_struct, forget_problems),
		cmocka_unit_test_setup(test_member, forget_problems),
		cmocka_unit_test_setup(test_constant, forget_problems),
		cmocka_unit_test_setup(test_capability, forget_problems),
		cmocka_unit_test_setup(test_msr_and_cpuid, forget_problems),
		cmocka_unit_test_setup(test_error, forget_problems),
		cmocka_unit_test_setup(test_unknown, forget_problems),
		cmocka_unit_test(test_near_misses),
	};

	return cmocka_run_group_tests(tests, NULL, free_answer);
}
