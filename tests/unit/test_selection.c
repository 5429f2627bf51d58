/* --only and --skip: which lines a trace holds. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "records.h"
#include "selection.h"

static struct selection selection;
static struct session *session;
static struct record record;
static struct session_view view;
static char unknown[64];
static const char *nearest;

static int set_up(void **state)
{
	(void)state;
	memset(&selection, 0, sizeof(selection));
	session = session_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	session_free(session);
	record_free(&record);
	memset(&record, 0, sizeof(record));
	return 0;
}

static void only(const char *list)
{
	assert_int_equal(selection_parse(&selection.only, list, unknown,
					 &nearest), 0);
}

static void skip_these(const char *list)
{
	assert_int_equal(selection_parse(&selection.skip, list, unknown,
					 &nearest), 0);
}

static bool wants_ioctl(const struct record_file *file, uint64_t request)
{
	make_ioctl(&record, file, request, 0, 0);
	session_apply(session, &record, &view);
	return selection_wants(&selection, SELECT_IOCTL, &record, &view);
}

static bool wants_run(uint32_t reason)
{
	const struct kvm_run run = { .exit_reason = reason };

	make_run(&record, &vcpu_file, &run, &run, 0);
	session_apply(session, &record, &view);
	return selection_wants(&selection, SELECT_IOCTL, &record, &view);
}

static void test_all_by_default(void **state)
{
	(void)state;
	assert_true(wants_ioctl(&kvm_file, KVM_CREATE_VM));
	assert_true(wants_ioctl(&kvm_file, 0xaeff));
	assert_true(wants_run(KVM_EXIT_HLT));
	assert_true(selection_wants_type(&selection, SELECT_CONSOLE));
}

static void test_only_names(void **state)
{
	(void)state;
	only("KVM_CREATE_VM,,KVM_GET_REGS,");
	assert_true(wants_ioctl(&kvm_file, KVM_CREATE_VM));
	assert_true(wants_ioctl(&vcpu_file, KVM_GET_REGS));
	assert_false(wants_ioctl(&vcpu_file, KVM_SET_REGS));
	assert_false(wants_ioctl(&kvm_file, 0xaeff));
	assert_false(selection_wants_type(&selection, SELECT_CONSOLE));
}

/* A name with several rows selects them all. */
static void test_name_of_several_rows(void **state)
{
	(void)state;
	only("KVM_CHECK_EXTENSION");
	assert_true(wants_ioctl(&kvm_file, KVM_CHECK_EXTENSION));
	assert_true(wants_ioctl(&vm_file, KVM_CHECK_EXTENSION));
}

static void test_only_exits(void **state)
{
	(void)state;
	only("KVM_EXIT_HLT");
	assert_true(wants_run(KVM_EXIT_HLT));
	assert_false(wants_run(KVM_EXIT_MMIO));
	assert_false(wants_run(4711));
	make_run(&record, &vcpu_file, NULL, NULL, 0);
	session_apply(session, &record, &view);
	assert_false(selection_wants(&selection, SELECT_IOCTL, &record,
				     &view));
}

static void test_only_kinds(void **state)
{
	(void)state;
	only("vm,console");
	assert_true(wants_ioctl(&vm_file, KVM_CREATE_VCPU));
	assert_false(wants_ioctl(&vcpu_file, KVM_RUN));
	assert_true(selection_wants_type(&selection, SELECT_CONSOLE));
	assert_false(selection_wants_type(&selection, SELECT_PROCESS));
}

/* The open of /dev/kvm makes the descriptor that it is about. */
static void test_opens(void **state)
{
	(void)state;
	only("system");
	record_reset(&record, RECORD_SYSCALL);
	record.name = "openat";
	record.path = "/dev/kvm";
	record.made_fd = 3;
	record.made_file = kvm_file;
	session_apply(session, &record, &view);
	assert_true(selection_wants(&selection, SELECT_SYSCALL, &record,
				    &view));
}

static void test_skip(void **state)
{
	(void)state;
	skip_these("KVM_EXIT_IO,process,system");
	assert_false(wants_run(KVM_EXIT_IO));
	assert_true(wants_run(KVM_EXIT_HLT));
	assert_false(wants_ioctl(&kvm_file, KVM_GET_API_VERSION));
	assert_false(selection_wants_type(&selection, SELECT_PROCESS));
	assert_true(selection_wants_type(&selection, SELECT_CONSOLE));
}

static void test_skip_from_only(void **state)
{
	(void)state;
	only("KVM_RUN,ioctl");
	skip_these("KVM_EXIT_IO");
	assert_true(wants_run(KVM_EXIT_HLT));
	assert_false(wants_run(KVM_EXIT_IO));
	assert_true(wants_ioctl(&vm_file, KVM_CREATE_VCPU));
}

static void test_lists_add_up(void **state)
{
	(void)state;
	only("KVM_RUN");
	only("KVM_CREATE_VM");
	assert_true(wants_run(KVM_EXIT_IO));
	assert_true(wants_ioctl(&kvm_file, KVM_CREATE_VM));
}

static void test_empty_list_selects_nothing(void **state)
{
	(void)state;
	only("");
	assert_false(wants_run(KVM_EXIT_IO));
}

static void assert_unknown(const char *list, const char *name,
			   const char *near_name)
{
	nearest = "unset";
	assert_int_equal(selection_parse(&selection.only, list, unknown,
					 &nearest), -EINVAL);
	assert_string_equal(unknown, name);
	if (near_name)
		assert_string_equal(nearest, near_name);
	else
		assert_null(nearest);
}

static void test_unknown_names(void **state)
{
	static const char long_name[] =
		"KVM_0123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789";
	char cut[64];

	(void)state;
	assert_unknown("KVM_RUNN", "KVM_RUNN", "KVM_RUN");
	assert_unknown("KVM_RUN,vcpus", "vcpus", "vcpu");
	assert_unknown("KVM_EXIT_HALT", "KVM_EXIT_HALT", "KVM_EXIT_HLT");
	assert_unknown("what ever this is", "what ever this is", NULL);
	snprintf(cut, sizeof(cut), "%.63s", long_name);
	assert_unknown(long_name, cut, NULL);
}

static void test_tables_fit(void **state)
{
	(void)state;
	/* timeline.c needs a place more, for what has no row. */
	assert_true(abi_ioctl_count < SELECT_IOCTLS_MAX);
	assert_true(abi_exit_count < SELECT_EXITS_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_by_default), TEST(test_only_names),
		TEST(test_name_of_several_rows), TEST(test_only_exits),
		TEST(test_only_kinds), TEST(test_opens), TEST(test_skip),
		TEST(test_skip_from_only), TEST(test_lists_add_up),
		TEST(test_empty_list_selects_nothing),
		TEST(test_unknown_names), TEST(test_tables_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
