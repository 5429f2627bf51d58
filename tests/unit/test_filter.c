/*
 * The seccomp filter, run by an interpreter of classic BPF: what it stops for
 * on each architecture, and that it agrees with watched_call_wanted(), which
 * decides the same for programs that are attached to.
 *
 * Sources: <linux/filter.h>, <linux/seccomp.h>, seccomp(2); numbers of calls
 * from <asm/unistd_64.h> and <asm/unistd_32.h>.
 */
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>
#include <asm/ioctls.h>

#include "capture/calls.h"
#include "capture/filter.h"

#define X32 0x40000000u
#define INSTRUCTIONS_MAX 4096

static struct sock_filter program[INSTRUCTIONS_MAX];
static size_t count;

static int set_up(void **state)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	ssize_t length;

	(void)state;
	if (fd < 0 || filter_export(fd) || lseek(fd, 0, SEEK_SET))
		return -1;
	length = read(fd, program, sizeof(program));
	close(fd);
	count = length > 0 ? (size_t)length / sizeof(program[0]) : 0;
	return count > 0 && count < INSTRUCTIONS_MAX ? 0 : -1;
}

static bool compare(uint16_t code, uint32_t a, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	case BPF_JSET:
		return (a & k) != 0;
	}
	fail_msg("no jump: %#x", code);
	return false;
}

/* The instructions that libseccomp emits; what others mean is not guessed. */
static uint32_t run(const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < count; pc++) {
		const struct sock_filter *step = &program[pc];

		switch (step->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			assert_true(step->k + 4 <= sizeof(*data));
			memcpy(&a, (const char *)data + step->k, 4);
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= step->k;
			break;
		case BPF_RET | BPF_K:
			return step->k;
		case BPF_JMP | BPF_JA:
			pc += step->k;
			break;
		default:
			assert_int_equal(BPF_CLASS(step->code), BPF_JMP);
			pc += compare(step->code, a, step->k) ? step->jt
							      : step->jf;
		}
	}
	fail_msg("the filter ends without an answer");
	return 0;
}

static bool stops_with(uint32_t arch, uint32_t nr, const uint64_t args[6])
{
	struct seccomp_data data = { .arch = arch, .nr = (int)nr };
	uint32_t answer;

	memcpy(data.args, args, sizeof(data.args));
	answer = run(&data);
	assert_true(answer == SECCOMP_RET_ALLOW ||
		    (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRACE);
	return answer != SECCOMP_RET_ALLOW;
}

static bool stops_ioctl(uint32_t arch, uint32_t nr, uint64_t request)
{
	const uint64_t args[6] = { 3, request };

	return stops_with(arch, nr, args);
}

/* On every architecture that a program on x86 can call by. */
static bool stops_everywhere(uint64_t request)
{
	bool x86_64 = stops_ioctl(AUDIT_ARCH_X86_64, 16, request);

	assert_int_equal(stops_ioctl(AUDIT_ARCH_I386, 54, request), x86_64);
	assert_int_equal(stops_ioctl(AUDIT_ARCH_X86_64, X32 | 514, request),
			 x86_64);
	return x86_64;
}

static void test_kvm_requests(void **state)
{
	static const uint64_t requests[] = {
		KVM_GET_API_VERSION, KVM_CREATE_VM, KVM_RUN, KVM_SET_SREGS,
		KVM_SET_USER_MEMORY_REGION, KVM_GET_SUPPORTED_CPUID, 0xaeff,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		assert_true(stops_everywhere(requests[i]));
}

/* `int` requests reach the kernel sign-extended, or with rubbish above. */
static void test_upper_half_is_ignored(void **state)
{
	(void)state;
	assert_true(stops_everywhere(0xffffffff00000000 | KVM_RUN));
	assert_true(stops_everywhere(0xffffffff8090ae81));
	assert_true(stops_everywhere(0x1234567800000000 | KVM_CREATE_VM));
	assert_false(stops_everywhere(0xaeae0000aeae5401));
	assert_false(stops_everywhere(0x0000ae00ae000000));
}

static void test_other_requests(void **state)
{
	static const uint64_t requests[] = {
		TCGETS, TCSETS, TIOCGWINSZ, FIONREAD, FIOCLEX, 0, 0xae, 0xaf01,
		0xad01, UINT64_MAX, 0x8004667e,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		assert_false(stops_everywhere(requests[i]));
}

static bool stops_mmap(uint64_t prot, uint64_t flags, uint64_t offset)
{
	const uint64_t args[6] = { 0, 0x3000, prot, flags, 5, offset };
	bool x86_64 = stops_with(AUDIT_ARCH_X86_64, 9, args);

	assert_int_equal(stops_with(AUDIT_ARCH_I386, 192, args), x86_64);
	assert_int_equal(stops_with(AUDIT_ARCH_X86_64, X32 | 9, args), x86_64);
	return x86_64;
}

static void test_mmap(void **state)
{
	const uint64_t rw = PROT_READ | PROT_WRITE;

	(void)state;
	assert_true(stops_mmap(rw, MAP_SHARED, 0));
	assert_true(stops_mmap(PROT_READ, MAP_SHARED, 0));
	assert_true(stops_mmap(rw, MAP_SHARED | MAP_POPULATE, 0x40000));
	assert_true(stops_mmap(rw, MAP_SHARED_VALIDATE, 0));
	assert_true(stops_mmap(rw, MAP_PRIVATE, 0));
	assert_false(stops_mmap(rw, MAP_PRIVATE, 0x1000));
	assert_false(stops_mmap(PROT_READ, MAP_PRIVATE, 0));
	assert_false(stops_mmap(PROT_READ | PROT_EXEC, MAP_PRIVATE, 0));
	assert_false(stops_mmap(rw, MAP_PRIVATE | MAP_ANONYMOUS, 0));
	assert_false(stops_mmap(rw, MAP_SHARED | MAP_ANONYMOUS, 0));
}

static bool stops_fcntl(uint64_t command)
{
	const uint64_t args[6] = { 3, command };
	bool x86_64 = stops_with(AUDIT_ARCH_X86_64, 72, args);

	assert_int_equal(stops_with(AUDIT_ARCH_I386, 55, args), x86_64);
	assert_int_equal(stops_with(AUDIT_ARCH_I386, 221, args), x86_64);
	return x86_64;
}

static void test_fcntl(void **state)
{
	(void)state;
	assert_true(stops_fcntl(F_DUPFD));
	assert_true(stops_fcntl(F_DUPFD_CLOEXEC));
	assert_true(stops_fcntl(0xffffffff00000000 | F_DUPFD_CLOEXEC));
	assert_false(stops_fcntl(F_GETFD));
	assert_false(stops_fcntl(F_SETFD));
	assert_false(stops_fcntl(F_GETFL));
	assert_false(stops_fcntl(F_SETLK));
}

static void test_calls_that_always_stop(void **state)
{
	static const int numbers[][2] = {
		{ 3, 6 }, { 11, 91 }, { 257, 295 }, { 2, 5 }, { 437, 437 },
		{ 32, 41 }, { 33, 63 }, { 292, 330 }, { 436, 436 },
	};
	const uint64_t args[6] = { 7, 7, 7, 7, 7, 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_true(stops_with(AUDIT_ARCH_X86_64,
				       (uint32_t)numbers[i][0], args));
		assert_true(stops_with(AUDIT_ARCH_I386,
				       (uint32_t)numbers[i][1], args));
	}
}

/* read, write, futex, clock_gettime …: the program's own work. */
static void test_other_calls(void **state)
{
	static const uint32_t numbers[] = { 0, 1, 7, 13, 14, 35, 39, 56, 59,
					    202, 228, 230, 231, 281, 1000 };
	const uint64_t args[6] = { 3, KVM_RUN, 3, 1, 5, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_false(stops_with(AUDIT_ARCH_X86_64, numbers[i], args));
	/* 16 and 54 are ioctl on the other one only. */
	assert_false(stops_with(AUDIT_ARCH_I386, 16, args));
	assert_false(stops_with(AUDIT_ARCH_X86_64, 54, args));
}

static void test_foreign_architecture(void **state)
{
	(void)state;
	assert_false(stops_ioctl(AUDIT_ARCH_AARCH64, 29, KVM_RUN));
}

/* Arguments that matter to some rule, in all combinations. */
static const uint64_t values[][6] = {
	{ 3, 0, 0x1000 }, { 3, 1, 3 }, { 3, KVM_RUN, 1 }, { 3, TCGETS, 2 },
	{ 3, F_DUPFD_CLOEXEC, 7 }, { 3, 0x1ae00, 3 },
	{ 3, 0xffffffffc008ae05, 3 },
};
static const uint64_t flags[] = { 0, MAP_SHARED, MAP_PRIVATE,
				  MAP_SHARED_VALIDATE, MAP_ANONYMOUS,
				  MAP_SHARED | MAP_ANONYMOUS,
				  MAP_PRIVATE | MAP_ANONYMOUS,
				  MAP_SHARED | MAP_FIXED, UINT64_MAX };
static const uint64_t offsets[] = { 0, 1, 0x1000, 1ull << 32 };

static void compare_with_c(const struct watched_call *call,
			   const uint64_t args[6])
{
	uint64_t narrow[6];

	if (call->nr_x86_64 >= 0)
		assert_int_equal(stops_with(AUDIT_ARCH_X86_64,
					    (uint32_t)call->nr_x86_64, args),
				 watched_call_wanted(call, args));
	for (size_t i = 0; i < 6; i++)
		narrow[i] = (uint32_t)args[i];
	assert_int_equal(stops_with(AUDIT_ARCH_I386, (uint32_t)call->nr_i386,
				    narrow),
			 watched_call_wanted(call, narrow));
}

static void test_agrees_with_c(void **state)
{
	(void)state;
	for (size_t call = 0; call < watched_call_count; call++) {
		for (size_t i = 0; i < 7 * 9 * 4; i++) {
			uint64_t args[6];

			memcpy(args, values[i % 7], sizeof(args));
			args[3] = flags[i / 7 % 9];
			args[5] = offsets[i / 63];
			compare_with_c(&watched_calls[call], args);
		}
	}
}

static void test_find(void **state)
{
	(void)state;
	assert_string_equal(watched_call_find(AUDIT_ARCH_X86_64, 16)->name,
			    "ioctl");
	assert_string_equal(watched_call_find(AUDIT_ARCH_I386, 54)->name,
			    "ioctl");
	assert_null(watched_call_find(AUDIT_ARCH_X86_64, 54));
	assert_null(watched_call_find(AUDIT_ARCH_X86_64, UINT64_MAX));
	assert_null(watched_call_find(AUDIT_ARCH_I386, UINT64_MAX));
	for (size_t i = 0; i < watched_call_count; i++) {
		const struct watched_call *call = &watched_calls[i];

		assert_ptr_equal(watched_call_find(
			AUDIT_ARCH_I386, (uint64_t)call->nr_i386), call);
		if (call->nr_x86_64 >= 0)
			assert_ptr_equal(watched_call_find(
				AUDIT_ARCH_X86_64,
				X32 | (uint64_t)call->nr_x86_64), call);
	}
}

/* x32's own number of ioctl is 514: <asm/unistd_x32.h>. */
static void test_find_x32_ioctl(void **state)
{
	const struct watched_call *call = watched_call_find(AUDIT_ARCH_X86_64,
							    X32 | 514);

	(void)state;
	assert_non_null(call);
	assert_int_equal(call->kind, CALL_IOCTL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kvm_requests),
		cmocka_unit_test(test_upper_half_is_ignored),
		cmocka_unit_test(test_other_requests),
		cmocka_unit_test(test_mmap),
		cmocka_unit_test(test_fcntl),
		cmocka_unit_test(test_calls_that_always_stop),
		cmocka_unit_test(test_other_calls),
		cmocka_unit_test(test_foreign_architecture),
		cmocka_unit_test(test_agrees_with_c),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_x32_ioctl),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
