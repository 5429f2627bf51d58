/* The session: kinds of descriptor, stable ids, runs and what they complete. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/compat.h"
#include "records.h"
#include "session/session.h"

static struct session *session;
static struct record record;
static struct session_view view;

static int set_up(void **state)
{
	(void)state;
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

static void apply(void)
{
	session_apply(session, &record, &view);
}

static void assert_object(const struct session_object *object, uint8_t role,
			  int vm, int64_t vcpu, int device)
{
	assert_int_equal(object->role, role);
	assert_int_equal(object->vm, vm);
	assert_int_equal(object->vcpu, vcpu);
	assert_int_equal(object->device, device);
}

/* A file of KVM's with a number of its own. */
static struct record_file file_of(uint32_t id, const char *link)
{
	return (struct record_file){ .id = id, .link = link };
}

static void create_vm(uint32_t id)
{
	const struct record_file made = file_of(id, "anon_inode:kvm-vm");

	make_creation(&record, &kvm_file, KVM_CREATE_VM, 0, &made, 4);
	apply();
}

static void create_vcpu(uint32_t vm, uint32_t id, uint32_t vcpu,
			const char *link)
{
	const struct record_file maker = file_of(vm, "anon_inode:kvm-vm");
	const struct record_file made = file_of(id, link);

	make_creation(&record, &maker, KVM_CREATE_VCPU, vcpu, &made, 5);
	apply();
}

static void test_roles(void **state)
{
	static const struct {
		const char *link;
		uint8_t role;
	} rows[] = {
		{ "/dev/kvm", ROLE_SYSTEM },
		{ "anon_inode:kvm-vm", ROLE_VM },
		{ "anon_inode:kvm-vcpu:7", ROLE_VCPU },
		{ "anon_inode:kvm-vcpu-stats:0", ROLE_STATS },
		{ "anon_inode:kvm-vm-stats", ROLE_STATS },
		{ "anon_inode:kvm-vfio", ROLE_DEVICE },
		{ "anon_inode:[kvm-gmem]", ROLE_GUEST_MEMFD },
	};

	(void)state;
	for (uint32_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct record_file file = file_of(10 + i, rows[i].link);

		make_ioctl(&record, &file, KVM_GET_API_VERSION, 0, 0);
		apply();
		assert_int_equal(view.object.role, rows[i].role);
	}
}

static void test_what_is_not_kvm(void **state)
{
	const struct record_file closed = { .id = 0 };

	(void)state;
	make_ioctl(&record, &closed, KVM_RUN, 0, -EBADF);
	apply();
	assert_object(&view.object, ROLE_NOT_KVM, -1, -1, -1);
	assert_int_equal(view.run_index, 0);
	assert_false(view.has_exit);
}

static void test_creation(void **state)
{
	(void)state;
	create_vm(2);
	assert_object(&view.object, ROLE_SYSTEM, -1, -1, -1);
	assert_object(&view.made, ROLE_VM, 0, -1, -1);
	create_vcpu(2, 3, 1, "anon_inode:kvm-vcpu:1");
	assert_object(&view.object, ROLE_VM, 0, -1, -1);
	assert_object(&view.made, ROLE_VCPU, 0, 1, -1);
	assert_string_equal(view.row->name, "KVM_CREATE_VCPU");
}

/* Each VM has a vCPU 0, with one name for both. */
static void test_two_vms(void **state)
{
	const struct record_file first = file_of(11, "anon_inode:kvm-vcpu:0");
	const struct record_file second = file_of(21, "anon_inode:kvm-vcpu:0");
	const struct kvm_run run = { .exit_reason = KVM_EXIT_HLT };

	(void)state;
	create_vm(10);
	create_vm(20);
	assert_int_equal(view.made.vm, 1);
	create_vcpu(20, 21, 0, "anon_inode:kvm-vcpu:0");
	create_vcpu(10, 11, 0, "anon_inode:kvm-vcpu:0");
	make_run(&record, &first, &run, &run, 0);
	apply();
	assert_object(&view.object, ROLE_VCPU, 0, 0, -1);
	assert_int_equal(view.run_index, 1);
	apply();
	assert_int_equal(view.run_index, 2);
	make_run(&record, &second, &run, &run, 0);
	apply();
	assert_object(&view.object, ROLE_VCPU, 1, 0, -1);
	assert_int_equal(view.run_index, 1);
}

/* The same number for a new file is another object. */
static void test_reuse_of_a_descriptor(void **state)
{
	(void)state;
	create_vm(2);
	create_vm(5);
	assert_int_equal(view.made.vm, 1);
	make_ioctl(&record, &vm_file, KVM_CHECK_EXTENSION, 3, 1);
	apply();
	assert_int_equal(view.object.vm, 0);
}

/* What came from elsewhere has its kind and the vCPU's id, but no VM. */
static void test_adopted(void **state)
{
	struct record_file file = file_of(40, "anon_inode:kvm-vcpu:12");

	(void)state;
	file.adopted = true;
	make_ioctl(&record, &file, KVM_GET_REGS, 0, 0);
	apply();
	assert_object(&view.object, ROLE_VCPU, -1, 12, -1);
	file = file_of(41, "anon_inode:kvm-vm");
	make_ioctl(&record, &file, KVM_CHECK_EXTENSION, 0, 0);
	apply();
	assert_object(&view.object, ROLE_VM, 0, -1, -1);
	create_vm(42);
	assert_int_equal(view.made.vm, 1);
}

/* One number, two requests: the descriptor decides. */
static void test_row_by_role(void **state)
{
	(void)state;
	create_vm(2);
	make_ioctl(&record, &vm_file, KVM_CHECK_EXTENSION, 0, 1);
	apply();
	assert_int_equal(view.row->roles, ROLE_VM);
	make_ioctl(&record, &kvm_file, KVM_CHECK_EXTENSION, 0, 1);
	apply();
	assert_int_equal(view.row->roles, ROLE_SYSTEM);
	make_ioctl(&record, &kvm_file, 0xaeff, 0, -EINVAL);
	apply();
	assert_null(view.row);
}

/* The kernel ignores what lies above 32 bits. */
static void test_request_is_masked(void **state)
{
	(void)state;
	make_ioctl(&record, &kvm_file, 0xffffffff0000ae00, 0, 12);
	apply();
	assert_string_equal(view.row->name, "KVM_GET_API_VERSION");
}

static void run_once(const struct kvm_run *before, const struct kvm_run *after,
		     int64_t result, uint64_t seq)
{
	make_run(&record, &vcpu_file, before, after, result);
	apply();
	session_numbered(session, &record, seq);
}

static void test_mmio_read_is_completed(void **state)
{
	struct kvm_run run = { .exit_reason = KVM_EXIT_MMIO };

	(void)state;
	run.mmio.phys_addr = 0xd0000000;
	run.mmio.len = 4;
	run_once(&run, &run, 0, 7);
	assert_false(view.completes);
	memcpy(run.mmio.data, "\x11\x22\x33\x44\x55\x66\x77\x88", 8);
	run_once(&run, &run, 0, 8);
	assert_true(view.completes);
	assert_true(view.has_completed_seq);
	assert_int_equal(view.completed_seq, 7);
	assert_int_equal(view.completed_length, 4);
	assert_memory_equal(view.completed_data, "\x11\x22\x33\x44", 4);
}

/* What the row marks is_answer, of the exit that was: not what the program left. */
static void test_answers_complete(void **state)
{
	struct kvm_run run = { .exit_reason = KVM_EXIT_X86_RDMSR };

	(void)state;
	run_once(&run, &run, 0, 7);
	assert_false(view.completes);
	run.msr.data = 1;
	run.exit_reason = KVM_EXIT_HLT;
	run_once(&run, &run, -EINVAL, 8);
	assert_false(view.completes);
	run_once(&run, &run, 0, 9);
	assert_true(view.completes);
	assert_int_equal(view.completed_seq, 7);
	assert_int_equal(view.completed_exit->code, KVM_EXIT_X86_RDMSR);
	run_once(&run, &run, 0, 10);
	assert_false(view.completes);
}

/* Of the exits of one reason only some ask: by the tag of the union. */
static void test_answers_by_tag(void **state)
{
	struct kvm_run run = { .exit_reason = KVM_EXIT_HYPERV };

	(void)state;
	run.hyperv.type = KVM_EXIT_HYPERV_SYNIC;
	run_once(&run, &run, 0, 1);
	run_once(&run, &run, 0, 2);
	assert_false(view.completes);
	run.hyperv.type = KVM_EXIT_HYPERV_HCALL;
	run_once(&run, &run, 0, 3);
	run_once(&run, &run, 0, 4);
	assert_true(view.completes);
	assert_int_equal(view.completed_exit->code, KVM_EXIT_HYPERV);
}

static void test_writes_complete_nothing(void **state)
{
	struct kvm_run run = { .exit_reason = KVM_EXIT_MMIO };

	(void)state;
	run.mmio.len = 4;
	run.mmio.is_write = 1;
	run_once(&run, &run, 0, 7);
	run_once(&run, &run, 0, 8);
	assert_false(view.completes);
	run = io_run(true, 0xe9, 1, 1);
	run_once(&run, &run, 0, 9);
	run_once(&run, &run, 0, 10);
	assert_false(view.completes);
}

static void test_port_read_is_completed(void **state)
{
	const struct kvm_run in = io_run(false, 0x60, 2, 2);
	const struct kvm_run halt = { .exit_reason = KVM_EXIT_HLT };

	(void)state;
	run_once(&in, &in, 0, 5);
	make_run(&record, &vcpu_file, &in, &halt, 0);
	add_bytes(&record, PART_RUN_DATA, PHASE_BEFORE, DATA_OFFSET, "wxyz",
		  4);
	apply();
	assert_true(view.completes);
	assert_int_equal(view.completed_seq, 5);
	assert_int_equal(view.completed_length, 4);
	assert_memory_equal(view.completed_data, "wxyz", 4);
	/* The halt asks for nothing. */
	run_once(&halt, &halt, 0, 7);
	assert_false(view.completes);
}

/* Without the data's bytes nothing is claimed. */
static void test_unreadable_completion(void **state)
{
	const struct kvm_run in = io_run(false, 0x60, 2, 2);

	(void)state;
	run_once(&in, &in, 0, 5);
	run_once(&in, &in, 0, 6);
	assert_false(view.completes);
	make_run(&record, &vcpu_file, &in, &in, 0);
	add_bytes(&record, PART_RUN_DATA, PHASE_BEFORE, DATA_OFFSET, "wxy", 3);
	apply();
	assert_false(view.completes);
}

/* A length that no bus has, from a hostile kvm_run. */
static void test_hostile_lengths(void **state)
{
	struct kvm_run run = { .exit_reason = KVM_EXIT_MMIO };

	(void)state;
	run.mmio.len = 0xffffffff;
	run_once(&run, &run, 0, 1);
	run_once(&run, &run, 0, 2);
	assert_false(view.completes);
	run = io_run(false, 1, 255, 0xffffffff);
	run_once(&run, &run, 0, 3);
	run_once(&run, &run, 0, 4);
	assert_false(view.completes);
}

/* A read whose line was left out of the trace has no number to refer to. */
static void test_completion_without_a_line(void **state)
{
	struct kvm_run run = { .exit_reason = KVM_EXIT_MMIO };

	(void)state;
	run.mmio.len = 1;
	make_run(&record, &vcpu_file, &run, &run, 0);
	apply();
	apply();
	assert_true(view.completes);
	assert_false(view.has_completed_seq);
}

/* immediate_exit: the read is finished once, though KVM_RUN fails. */
static void test_completion_by_interrupted_run(void **state)
{
	struct kvm_run run = { .exit_reason = KVM_EXIT_MMIO };

	(void)state;
	run.mmio.len = 1;
	run_once(&run, &run, 0, 1);
	run_once(&run, &run, -EINVAL, 2);
	assert_false(view.completes);
	run_once(&run, &run, -EINTR, 3);
	assert_true(view.completes);
	assert_int_equal(view.completed_seq, 1);
	run_once(&run, &run, 0, 4);
	assert_false(view.completes);
}

static void test_exits_hold_only_when_this_run_wrote_them(void **state)
{
	const struct kvm_run run = { .exit_reason = KVM_EXIT_HLT };
	const struct kvm_run fault = { .exit_reason = KVM_EXIT_MEMORY_FAULT };
	const struct kvm_run intr = { .exit_reason = KVM_EXIT_INTR };
	const struct kvm_run immediate = { .immediate_exit = 1 };

	(void)state;
	run_once(&run, &run, 0, 1);
	assert_true(view.has_exit);
	run_once(&run, &run, -EINTR, 2);
	assert_false(view.has_exit);
	run_once(&run, &run, -EFAULT, 3);
	assert_false(view.has_exit);
	run_once(&run, &fault, -EFAULT, 3);
	assert_true(view.has_exit);
	run_once(&run, &intr, -EINTR, 3);
	assert_true(view.has_exit);
	run_once(&immediate, &intr, -EINTR, 3);
	assert_false(view.has_exit);
	run_once(&run, NULL, 0, 4);
	assert_false(view.has_exit);
	make_run(&record, &vcpu_file, &run, &run, 0);
	record.unfinished = true;
	apply();
	assert_false(view.has_exit);
	assert_int_equal(view.run_index, 8);
}

static void signal_to(int32_t tid)
{
	record_reset(&record, RECORD_SIGNAL);
	record.pid = 100;
	record.tid = tid;
	record.signal = 14;
	apply();
}

static void test_signals_name_the_run(void **state)
{
	const struct kvm_run run = { .exit_reason = KVM_EXIT_INTR };

	(void)state;
	run_once(&run, &run, -EINTR, 33);
	signal_to(100);
	assert_true(view.has_run_seq);
	assert_int_equal(view.run_seq, 33);
	signal_to(101);
	assert_false(view.has_run_seq);
	run_once(&run, &run, 0, 34);
	signal_to(100);
	assert_false(view.has_run_seq);
}

static void test_syscalls(void **state)
{
	(void)state;
	create_vm(2);
	record_reset(&record, RECORD_SYSCALL);
	record.name = "dup2";
	record.fd = 3;
	record.file = kvm_file;
	record.made_fd = 4;
	record.made_file = kvm_file;
	record.replaced_file = vm_file;
	apply();
	assert_int_equal(view.object.role, ROLE_SYSTEM);
	assert_int_equal(view.made.role, ROLE_SYSTEM);
	assert_object(&view.replaced, ROLE_VM, 0, -1, -1);
}

static void test_devices(void **state)
{
	const struct record_file device = file_of(50, "anon_inode:kvm-vfio");
	const struct record_file other = file_of(51, "anon_inode:kvm-vfio");

	(void)state;
	create_vm(2);
	make_creation(&record, &vm_file, KVM_CREATE_DEVICE, 0x1000, &device, 6);
	record.result = 0;
	apply();
	assert_object(&view.made, ROLE_DEVICE, 0, -1, 0);
	make_creation(&record, &vm_file, KVM_CREATE_DEVICE, 0x1000, &other, 7);
	apply();
	assert_object(&view.made, ROLE_DEVICE, 0, -1, 1);
}

/* More files than buckets. */
static void test_many_files(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2000; i++)
		create_vm(1000 + i);
	for (uint32_t i = 0; i < 2000; i++) {
		const struct record_file file = file_of(1000 + i,
							"anon_inode:kvm-vm");

		make_ioctl(&record, &file, KVM_CHECK_EXTENSION, 0, 0);
		apply();
		assert_int_equal(view.object.vm, i);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_roles), TEST(test_what_is_not_kvm),
		TEST(test_creation), TEST(test_two_vms),
		TEST(test_reuse_of_a_descriptor), TEST(test_adopted),
		TEST(test_row_by_role), TEST(test_request_is_masked),
		TEST(test_mmio_read_is_completed),
		TEST(test_writes_complete_nothing),
		TEST(test_answers_complete), TEST(test_answers_by_tag),
		TEST(test_port_read_is_completed),
		TEST(test_unreadable_completion), TEST(test_hostile_lengths),
		TEST(test_completion_without_a_line),
		TEST(test_completion_by_interrupted_run),
		TEST(test_exits_hold_only_when_this_run_wrote_them),
		TEST(test_signals_name_the_run), TEST(test_syscalls),
		TEST(test_devices), TEST(test_many_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
