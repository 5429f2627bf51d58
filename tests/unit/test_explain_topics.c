/*
 * `explain` on the words around KVM's interface: each topic is found under
 * each of its names, however they are written, leads only to names that are
 * known, and is short; each code of a note says its cause and remedy; and the
 * other ways to write what the tables have.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "annotate/diagnoses.h"
#include "explain/topics.h"
#include "explained.h"

#define COLUMNS 80
#define LINES_MIN 3
#define LINES_MAX 15	/* title and links included */

/* Each item of "a, b c, d". */
static void each_item(const struct explain_topic *topic, const char *list,
		      void (*check)(const struct explain_topic *topic,
				    const char *item))
{
	char items[512], *rest = NULL;

	assert_true((size_t)snprintf(items, sizeof(items), "%s", list) <
		    sizeof(items));
	for (char *item = strtok_r(items, ",", &rest); item;
	     item = strtok_r(NULL, ",", &rest))
		check(topic, item + strspn(item, " "));
}

static void each_topic(void (*check)(const struct explain_topic *topic))
{
	for (size_t i = 0; i < explain_topics_count; i++)
		for (size_t j = 0; j < explain_topics[i]->count; j++)
			check(&explain_topics[i]->list[j]);
}

/* With other letters, and blanks, dashes and underscores exchanged. */
static void respell(char *name)
{
	for (; *name; name++) {
		if (isupper((unsigned char)*name))
			*name = (char)tolower((unsigned char)*name);
		else
			*name = (char)toupper((unsigned char)*name);
		*name = *name == '-' ? '_' : *name == '_' ? ' '
			: *name == ' ' ? '-' : *name;
	}
}

static void check_alias(const struct explain_topic *topic, const char *name)
{
	char title[160], other[80];

	snprintf(title, sizeof(title), "%.*s: ",
		 (int)strcspn(topic->names, ","), topic->names);
	snprintf(other, sizeof(other), "%s", name);
	assert_says(name, title);
	respell(other);
	assert_says(other, title);
}

static void check_names(const struct explain_topic *topic)
{
	each_item(topic, topic->names, check_alias);
}

static void test_each_name_of_each_topic(void **state)
{
	(void)state;
	each_topic(check_names);
	assert_int_equal(problems, 0);
}

static void check_link(const struct explain_topic *topic, const char *name)
{
	if (!*explain(name))
		problem("%s: see also %s, which is nothing", topic->names,
			name);
	if (!strncmp(topic->names, name, strcspn(topic->names, ",")) &&
	    strlen(name) == strcspn(topic->names, ","))
		problem("%s: leads to itself", topic->names);
}

static void check_links(const struct explain_topic *topic)
{
	each_item(topic, topic->see, check_link);
}

static void test_each_link_leads_somewhere(void **state)
{
	(void)state;
	each_topic(check_links);
	assert_int_equal(problems, 0);
}

static void check_size(const struct explain_topic *topic)
{
	char name[80];
	const char *text, *end;
	size_t lines = 0;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(topic->names, ","),
		 topic->names);
	text = explain(name);
	for (; *text && *text != '\n'; text = end + 1, lines++) {
		end = strchr(text, '\n');
		assert_non_null(end);
		if (end - text > COLUMNS)
			problem("%s: %d columns", name, (int)(end - text));
		for (const char *at = text; at < end; at++)
			if (*at < ' ' || *at > '~')
				problem("%s: byte %d", name, *at);
	}
	if (lines < LINES_MIN || lines > LINES_MAX)
		problem("%s: %zu lines", name, lines);
}

static void test_topics_are_short(void **state)
{
	(void)state;
	each_topic(check_size);
	assert_int_equal(problems, 0);
}

/* The words that people will ask for, whatever the tables call them. */
static void test_words_of_the_field(void **state)
{
	static const char *const words[] = {
		"long-mode", "protected-mode", "real-mode",
		"compatibility-mode", "paging", "paged32", "pae", "la57",
		"page-table", "page-fault", "triple-fault", "vm-exit",
		"vm-entry", "flow", "vcpu", "kvm_run", "memory-slot", "gva",
		"gpa", "hva", "hpa", "irqchip", "pio", "mmio",
		"coalesced-mmio", "dirty-log", "EINTR", "immediate_exit",
		"segment", "descriptor cache", "idt", "cpuid", "msr", "efer",
		"cr0", "cr3", "cr4", "ioctl", "ptrace", "seccomp",
		"KVM_EXIT_INTERNAL_ERROR", "KVM_EXIT_SHUTDOWN",
		"KVM_EXIT_FAIL_ENTRY", "KVM_EXIT_HLT",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_says(words[i], "see also");
	assert_int_equal(problems, 0);
}

/* A topic comes with what the tables have under its name. */
static void test_topics_and_tables(void **state)
{
	(void)state;
	assert_says("cr0", "0x80000000  PG");
	assert_says("efer", "0x400  LMA");
	assert_says("KVM_EXIT_INTERNAL_ERROR", "suberror                one");
	assert_says("EINTR", "errno 4");
	assert_says("kvm_run", "u8 immediate_exit");
	assert_says("flow", "syscall_handler");
	assert_int_equal(problems, 0);
}

static void test_each_note(void **state)
{
	(void)state;
	for (size_t i = 0; i < DIAGNOSIS_CODES; i++) {
		assert_non_null(diagnoses[i].code);
		assert_says(diagnoses[i].code, ": a note, ");
		assert_says(diagnoses[i].code, diagnoses[i].vendor);
		if (diagnoses[i].remedy)
			assert_says(diagnoses[i].code, "  remedy    ");
		else
			assert_silent(diagnoses[i].code, "  remedy    ");
	}
	assert_says("Slot Overlap", "overlaps another one");
	assert_int_equal(problems, 0);
}

static void test_near_misses_cross_kinds(void **state)
{
	static const char *const pairs[][2] = {
		{ "lnog-mode", "long-mode" }, { "tripel-fault", "triple-fault" },
		{ "slot-overlp", "slot-overlap" },
		{ "coalesced-mmoi", "coalesced-mmio" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		buffer_reset(&answer);
		explain_near_misses(&answer, pairs[i][0]);
		assert_string_equal(buffer_string(&answer), pairs[i][1]);
	}
}

/* Other ways to write what the tables have */

static void test_msrs_of_the_kernel(void **state)
{
	(void)state;
	assert_says("MSR_EFER", "IA32_EFER: value 0xc0000080 of MSR");
	assert_says("MSR_STAR", "IA32_STAR: ");
	assert_says("msr_ia32_tsc", "IA32_TIME_STAMP_COUNTER: ");
	assert_says("IA32_TSC", "IA32_TIME_STAMP_COUNTER: ");
	assert_says("TSC", "IA32_TIME_STAMP_COUNTER: ");
	assert_says("MSR_IA32_APICBASE", "IA32_APIC_BASE: ");
	assert_says("MSR_MTRRfix64K_00000", "IA32_MTRR_FIX64K_00000: ");
	assert_says("MSR_K7_HWCR", "HWCR: ");
	assert_says("MSR_SYSCALL_MASK", "IA32_FMASK: ");
	assert_says("MSR_KVM_STEAL_TIME", "MSR_KVM_STEAL_TIME: ");
	assert_silent("MSR_", "value");
	assert_silent("IA32_", "value");
	assert_int_equal(problems, 0);
}

static void test_places_in_cpuid(void **state)
{
	static const char *const leaves[] = {
		"leaf7", "leaf 7", "CPUID.7", "cpuid_7", "CPUID.07H",
		"CPUID leaf 0x7", "CPUID.(EAX=07H)", "CPUID.7.0",
	};
	static const char *const none[] = {
		"CPUID.", "CPUID.x", "CPUID.123456789", "CPUID.7:EFX",
		"CPUID.7:EBX.", "CPUID.7:EBX.NONE", "CPUID.99", "7:EBX",
		"CPUID.7 and more", "CPUID.(EAX=",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		assert_says(leaves[i], "extended features: value 0x7 of");
	assert_says("CPUID.1:ECX", "CPUID 1 ECX: ");
	assert_silent("CPUID.1:ECX", "CPUID 1 EDX: ");
	assert_says("CPUID.80000001H:EDX", "CPUID 0x80000001 EDX: ");
	assert_says("CPUID.80000001:EDX.NX", "NX: flag 0x100000");
	assert_says("CPUID.(EAX=07H,ECX=0):EBX", "CPUID 7.0 EBX: ");
	assert_says("CPUID.0DH.1:EAX", "CPUID 0xd.1 EAX: ");
	assert_says("CPUID.d.1:EAX", "CPUID 0xd.1 EAX: ");
	assert_says("CPUID.13.1:EAX", "CPUID 0xd.1 EAX: ");
	assert_silent("CPUID.7.0:EAX", "CPUID 7.1 EAX: ");
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (*explain(none[i]))
			problem("'%s': %s", none[i], buffer_string(&answer));
	assert_int_equal(problems, 0);
}

static void test_numbers_behind_a_stem(void **state)
{
	(void)state;
	assert_says("KVM_EXIT_43", "KVM_EXIT_SNP_REQ_CERTS: exit reason 43");
	assert_says("kvm_exit_2", "KVM_EXIT_IO: exit reason 2");
	assert_silent("KVM_EXIT_2", "KVM_EXIT_HLT");
	assert_says("KVM_CAP_203", "KVM_CAP_BINARY_STATS_FD: value 203");
	assert_says("KVM_MP_STATE_3", "KVM_MP_STATE_HALTED: value 3");
	assert_silent("KVM_EXIT_999", "KVM");
	assert_silent("KVM_CAP_2x", "KVM");
	assert_silent("KVM_CAP_18446744073709551619", "KVM");
	assert_int_equal(problems, 0);
}

/* Type and number of a request, without the size of its structure. */
static void test_short_requests(void **state)
{
	(void)state;
	assert_says("0xae83", "KVM_GET_SREGS: an ioctl");
	assert_says("0xae80", "KVM_RUN: an ioctl");
	assert_silent("0x83", "KVM_GET_SREGS: an ioctl");
	assert_silent("0x1ae83", "KVM_GET_SREGS: an ioctl");
	assert_int_equal(problems, 0);
}

static void test_native_before_32_bit(void **state)
{
	const char *text = explain("KVM_X86_SET_MSR_FILTER");
	const char *native = strstr(text, "0x4188aec6");
	const char *compat = strstr(text, "0x4104aec6");

	(void)state;
	assert_true(native && compat && native < compat);
	assert_true(strstr(text, "KVM_X86_SET_MSR_FILTER: an ioctl\n") == text);
	assert_says("KVM_X86_SET_MSR_FILTER", "as 32-bit programs make it\n");
	assert_silent("KVM_GET_MSRS", "32-bit programs");
	assert_int_equal(problems, 0);
}

static void test_exit_reason(void **state)
{
	(void)state;
	assert_says("exit_reason", "kvm_run.exit_reason: a member, at offset 8");
	assert_says("exit_reason", "     5  KVM_EXIT_HLT ");
	assert_says("kvm_run", "       8       4  u32 exit_reason");
	assert_says("KVM_RUN", "u32 exit_reason");
	assert_says("KVM_EXIT_*", "    43  KVM_EXIT_SNP_REQ_CERTS ");
	assert_int_equal(problems, 0);
}

static void test_one_is_not_plural(void **state)
{
	(void)state;
	assert_says("KVM_SREGS2_FLAGS_", "KVM_SREGS2_FLAGS_*: 1 flag\n");
	assert_says("KVM_MEM_", "KVM_MEM_*: 3 flags\n");
	assert_int_equal(problems, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_each_name_of_each_topic,
				       forget_problems),
		cmocka_unit_test_setup(test_each_link_leads_somewhere,
				       forget_problems),
		cmocka_unit_test_setup(test_topics_are_short, forget_problems),
		cmocka_unit_test_setup(test_words_of_the_field,
				       forget_problems),
		cmocka_unit_test_setup(test_topics_and_tables, forget_problems),
		cmocka_unit_test_setup(test_each_note, forget_problems),
		cmocka_unit_test(test_near_misses_cross_kinds),
		cmocka_unit_test_setup(test_msrs_of_the_kernel,
				       forget_problems),
		cmocka_unit_test_setup(test_places_in_cpuid, forget_problems),
		cmocka_unit_test_setup(test_numbers_behind_a_stem,
				       forget_problems),
		cmocka_unit_test_setup(test_short_requests, forget_problems),
		cmocka_unit_test_setup(test_native_before_32_bit,
				       forget_problems),
		cmocka_unit_test_setup(test_exit_reason, forget_problems),
		cmocka_unit_test_setup(test_one_is_not_plural, forget_problems),
	};

	return cmocka_run_group_tests(tests, NULL, free_answer);
}
