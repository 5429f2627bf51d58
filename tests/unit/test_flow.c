/* The six steps: who refused a call, and with what words. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "annotate/flow.h"
#include "records.h"

static struct session *session;
static struct record record;
static struct session_view view;
static struct flow flow;
static char text[1000];

static int set_up(void **state)
{
	(void)state;
	session = session_new();
	make_creation(&record, &kvm_file, KVM_CREATE_VM, 0, &vm_file, 4);
	session_apply(session, &record, &view);
	make_creation(&record, &vm_file, KVM_CREATE_VCPU, 0, &vcpu_file, 5);
	session_apply(session, &record, &view);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	session_free(session);
	record_free(&record);
	memset(&record, 0, sizeof(record));
	flow_free(&flow);
	return 0;
}

static void describe(void)
{
	session_apply(session, &record, &view);
	flow_describe(&flow, &record, &view);
}

static const char *step(unsigned int number)
{
	const struct flow_step *described = &flow.steps[number - 1];

	snprintf(text, sizeof(text), "%.*s", (int)described->length,
		 flow.text.data + described->offset);
	return text;
}

static void assert_says(unsigned int number, const char *what)
{
	if (!strstr(step(number), what))
		fail_msg("step %u says '%s', not '%s'", number, text, what);
}

/* 0: none. */
static void assert_refusal(unsigned int wanted)
{
	for (unsigned int i = 1; i <= FLOW_STEPS; i++) {
		assert_int_equal(flow.steps[i - 1].refused, i == wanted);
		assert_true(flow.steps[i - 1].length > 0);
	}
}

static void test_boxes(void **state)
{
	static const char *const boxes[] = {
		"user_application", "syscall_handler", "ioctl_handler",
		"driver_operation", "ioctl_handler", "user_application",
	};
	static const char *const spaces[] = { "user", "kernel", "kernel",
					      "kernel", "kernel", "user" };

	(void)state;
	for (unsigned int i = 1; i <= FLOW_STEPS; i++) {
		assert_string_equal(flow_box(i), boxes[i - 1]);
		assert_string_equal(flow_space(i), spaces[i - 1]);
	}
}

static void test_success(void **state)
{
	(void)state;
	make_creation(&record, &vm_file, KVM_CREATE_VCPU, 0, &vcpu_file, 5);
	record.caller = (struct record_caller){
		.ip = 0x1234, .symbol = "make_vcpu", .file = "vm.c",
		.line = 42, .object = "hv",
	};
	describe();
	assert_refusal(0);
	assert_string_equal(step(1),
			    "ioctl(3, KVM_CREATE_VCPU, 0x0) in make_vcpu at "
			    "vm.c:42");
	assert_says(2, "sys_ioctl");
	assert_says(2, "anon_inode:kvm-vm");
	assert_says(3, "kvm_vm_ioctl recognises KVM_CREATE_VCPU");
	assert_says(4, "kvm_vm_ioctl_create_vcpu");
	assert_says(5, "returns 5");
	assert_says(6, "gives 5");
	assert_says(6, "vm0/vcpu0");
	assert_string_equal(buffer_string(&flow.device), "vm0");
}

static void test_structures_are_named(void **state)
{
	(void)state;
	make_ioctl(&record, &vcpu_file, KVM_GET_REGS, 0x7ffe0000, 0);
	describe();
	assert_says(3, "struct kvm_regs");
	assert_says(3, "0x7ffe0000");
	assert_says(5, "kvm_regs");
	make_ioctl(&record, &vcpu_file, KVM_SET_REGS, 0x7ffe0000, 0);
	describe();
	assert_says(3, "copies struct kvm_regs");
	assert_null(strstr(step(5), "kvm_regs"));
}

static void test_closed_descriptor(void **state)
{
	const struct record_file closed = { .id = 0 };

	(void)state;
	make_ioctl(&record, &closed, KVM_RUN, 0, -EBADF);
	describe();
	assert_refusal(2);
	assert_says(2, "not open");
	for (unsigned int i = 3; i <= 5; i++)
		assert_string_equal(step(i),
				    "not reached: refused at step 2");
	assert_says(6, "EBADF");
}

static void test_unknown_request(void **state)
{
	(void)state;
	make_ioctl(&record, &kvm_file, 0xaeff, 0, -EINVAL);
	describe();
	assert_refusal(3);
	assert_says(1, "request 0xaeff");
	assert_says(3, "does not know");
	assert_string_equal(step(4), "not reached: refused at step 3");
	assert_says(5, "-EINVAL");
}

static void test_wrong_descriptor(void **state)
{
	(void)state;
	make_ioctl(&record, &vm_file, KVM_RUN, 0, -ENOTTY);
	describe();
	assert_refusal(3);
	assert_says(3, "kvm_vm_ioctl does not know KVM_RUN");
}

static void test_refused_by_the_operation(void **state)
{
	(void)state;
	make_ioctl(&record, &vcpu_file, KVM_SET_SREGS, 0x1000, -EINVAL);
	describe();
	assert_refusal(4);
	assert_says(4, "refused with EINVAL");
	assert_says(5, "-EINVAL");
	assert_says(6, "-1, errno EINVAL");
}

static void test_file_that_is_not_kvm(void **state)
{
	(void)state;
	make_ioctl(&record, &null_file, KVM_GET_REGS, 0, -ENOTTY);
	describe();
	assert_refusal(3);
	assert_says(2, "/dev/null");
	assert_int_equal(flow.device.length, 0);
}

/* A descriptor that is closed while the call is on its way was looked up. */
static void test_ebadf_of_the_operation(void **state)
{
	(void)state;
	make_ioctl(&record, &vm_file, KVM_IRQFD, 0x1000, -EBADF);
	describe();
	assert_refusal(4);
}

static void test_exit(void **state)
{
	const struct kvm_run run = io_run(true, 0xe9, 1, 1);

	(void)state;
	make_run(&record, &vcpu_file, &run, &run, 0);
	describe();
	assert_refusal(0);
	assert_says(4, "KVM_EXIT_IO: 1 byte out to port 0xe9");
	assert_string_equal(buffer_string(&flow.device), "vm0/vcpu0");
}

static void test_exit_of_tomorrow(void **state)
{
	const struct kvm_run run = { .exit_reason = 999 };

	(void)state;
	make_run(&record, &vcpu_file, &run, &run, 0);
	describe();
	assert_says(4, "exit reason 999");
}

static void test_unfinished(void **state)
{
	(void)state;
	make_ioctl(&record, &vcpu_file, KVM_RUN, 0, 0);
	record.unfinished = true;
	describe();
	assert_refusal(0);
	assert_says(4, "had not come back");
	assert_says(5, "not reached");
	assert_says(6, "not reached");
}

/* The same struct serves call after call. */
static void test_reuse(void **state)
{
	(void)state;
	make_ioctl(&record, &vcpu_file, KVM_SET_SREGS, 0x1000, -EINVAL);
	describe();
	make_ioctl(&record, &kvm_file, KVM_GET_API_VERSION, 0, 12);
	describe();
	assert_refusal(0);
	assert_string_equal(step(6), "ioctl() gives 12");
	assert_string_equal(buffer_string(&flow.device), "kvm");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_boxes), TEST(test_success),
		TEST(test_structures_are_named), TEST(test_closed_descriptor),
		TEST(test_unknown_request), TEST(test_wrong_descriptor),
		TEST(test_refused_by_the_operation),
		TEST(test_file_that_is_not_kvm),
		TEST(test_ebadf_of_the_operation), TEST(test_exit),
		TEST(test_exit_of_tomorrow), TEST(test_unfinished),
		TEST(test_reuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
