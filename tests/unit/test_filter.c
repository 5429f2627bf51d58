/*
 * The seccomp filter, run by an interpreter of classic BPF: what it stops for
 * on each architecture, and that it agrees with watched_call_wanted(), which
 * decides the same for programs that are attached to. All of it twice: as it
 * is, and with a place whose ioctls pass; that one also in the kernel.
 *
 * Sources: <linux/filter.h>, <linux/seccomp.h>, seccomp(2); numbers of calls
 * from <asm/unistd_64.h> and <asm/unistd_32.h>.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>
#include <asm/ioctls.h>

#include "capture/calls.h"
#include "capture/filter.h"

#define X32 0x40000000u
#define INSTRUCTIONS_MAX 4096

/* Both halves tell something. */
#define PLACE 0x7ffe12345678ull

static struct sock_filter program[INSTRUCTIONS_MAX];
static size_t count;
/* The last run looked at more than number and architecture. */
static bool has_looked_further;

static int export(uint64_t free_ip)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	ssize_t length;

	if (fd < 0 || filter_export(fd, free_ip) || lseek(fd, 0, SEEK_SET))
		return -1;
	length = read(fd, program, sizeof(program));
	close(fd);
	count = length > 0 ? (size_t)length / sizeof(program[0]) : 0;
	return count > 0 && count < INSTRUCTIONS_MAX ? 0 : -1;
}

static int set_up(void **state)
{
	(void)state;
	return export(0);
}

static int set_up_with_place(void **state)
{
	(void)state;
	return export(PLACE);
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

	has_looked_further = false;
	for (size_t pc = 0; pc < count; pc++) {
		const struct sock_filter *step = &program[pc];

		switch (step->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			assert_true(step->k + 4 <= sizeof(*data));
			memcpy(&a, (const char *)data + step->k, 4);
			if (step->k > offsetof(struct seccomp_data, arch))
				has_looked_further = true;
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

static bool stops_at(uint64_t ip, uint32_t arch, uint32_t nr,
		     const uint64_t args[6])
{
	struct seccomp_data data = { .arch = arch, .nr = (int)nr,
				     .instruction_pointer = ip };
	uint32_t answer;

	memcpy(data.args, args, sizeof(data.args));
	answer = run(&data);
	assert_true(answer == SECCOMP_RET_ALLOW ||
		    (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRACE);
	return answer != SECCOMP_RET_ALLOW;
}

static bool stops_with(uint32_t arch, uint32_t nr, const uint64_t args[6])
{
	return stops_at(0x401234, arch, nr, args);
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
	static const uint32_t numbers[] = { 0, 1, 7, 35, 39, 56, 59,
					    202, 228, 230, 231, 281, 1000 };
	const uint64_t args[6] = { 3, KVM_RUN, 3, 1, 5, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_false(stops_with(AUDIT_ARCH_X86_64, numbers[i], args));
		/* The kernel needn't run it: seccomp_is_const_allow(). */
		assert_false(has_looked_further);
	}
	/* 16 and 54 are ioctl on the other one only. */
	assert_false(stops_with(AUDIT_ARCH_I386, 16, args));
	assert_false(stops_with(AUDIT_ARCH_X86_64, 54, args));
}

static bool stops_sigaction(uint64_t signal, uint64_t action)
{
	const uint64_t args[6] = { signal, action, 0, 8 };
	bool x86_64 = stops_with(AUDIT_ARCH_X86_64, 13, args);

	assert_int_equal(stops_with(AUDIT_ARCH_I386, 174, args), x86_64);
	assert_int_equal(watched_call_wanted(&signal_calls[0], args), true);
	return x86_64;
}

/* Signals matter where there is an agent, whose faults end in them. */
static void test_signals_without_place(void **state)
{
	(void)state;
	assert_false(stops_sigaction(SIGSEGV, 0x7000));
	assert_false(has_looked_further);
}

static bool agrees(uint32_t nr, const struct watched_call *call,
		   const uint64_t args[6])
{
	bool wanted = watched_call_wanted(call, args);

	assert_int_equal(stops_with(AUDIT_ARCH_X86_64, nr, args), wanted);
	return wanted;
}

static void test_signals(void **state)
{
	(void)state;
	assert_true(stops_sigaction(SIGSEGV, 0x7000));
	assert_true(stops_sigaction(SIGBUS, 0x7000));
	assert_true(stops_sigaction(SIGTRAP, 0x7000));
	for (uint64_t signal = 0; signal <= 64; signal++) {
		const uint64_t set[6] = { signal, 0x7f0000000000, 0, 8 };
		const uint64_t ask[6] = { signal, 0, 0x7000, 8 };
		/* `int`: the kernel looks at the lower half. */
		const uint64_t wide[6] = { 1ull << 32 | signal, 0x7000, 0, 8 };

		assert_int_equal(agrees(13, &signal_calls[0], set),
				 signal == SIGSEGV || signal == SIGBUS ||
				 signal == SIGTRAP);
		assert_int_equal(agrees(13, &signal_calls[0], wide),
				 agrees(13, &signal_calls[0], set));
		assert_false(agrees(13, &signal_calls[0], ask));
	}
}

static void test_foreign_architecture(void **state)
{
	(void)state;
	assert_false(stops_ioctl(AUDIT_ARCH_AARCH64, 29, KVM_RUN));
}

static const uint64_t run_args[6] = { 3, KVM_RUN };

static void test_free_place(void **state)
{
	(void)state;
	assert_false(stops_at(PLACE, AUDIT_ARCH_X86_64, 16, run_args));
	assert_true(stops_at(PLACE + 1, AUDIT_ARCH_X86_64, 16, run_args));
	assert_true(stops_at(PLACE - 2, AUDIT_ARCH_X86_64, 16, run_args));
	assert_true(stops_at((uint32_t)PLACE, AUDIT_ARCH_X86_64, 16, run_args));
	assert_true(stops_at(PLACE ^ 1ull << 63, AUDIT_ARCH_X86_64, 16,
			     run_args));
	assert_true(stops_at(0, AUDIT_ARCH_X86_64, 16, run_args));
}

/* ioctl of x86_64 only; what else would be called there stops as anywhere. */
static void test_free_place_is_for_one_call(void **state)
{
	(void)state;
	assert_true(stops_at(PLACE, AUDIT_ARCH_X86_64, X32 | 514, run_args));
	for (size_t i = 0; i < watched_call_count; i++) {
		const struct watched_call *call = &watched_calls[i];
		bool is_wanted = watched_call_wanted(call, run_args);

		assert_int_equal(stops_at(PLACE, AUDIT_ARCH_I386,
					  (uint32_t)call->nr_i386, run_args),
				 is_wanted);
		if (call->nr_x86_64 < 0 || call->kind == CALL_IOCTL)
			continue;
		assert_int_equal(stops_at(PLACE, AUDIT_ARCH_X86_64,
					  (uint32_t)call->nr_x86_64, run_args),
				 is_wanted);
	}
}

/* Without a place there is none at 0 either. */
static void test_no_place(void **state)
{
	(void)state;
	assert_true(stops_at(0, AUDIT_ARCH_X86_64, 16, run_args));
	assert_true(stops_at(PLACE, AUDIT_ARCH_X86_64, 16, run_args));
}

/* ioctl(fd, request) by two system calls, each at a place of its own. */
long ioctl_at_place(long fd, unsigned long request);
long ioctl_elsewhere(long fd, unsigned long request);
extern const char behind_place[];

__asm__(".pushsection .text\n"
	"ioctl_at_place:\n"
	"	mov	$16, %eax\n"
	"	syscall\n"
	"behind_place:\n"
	"	ret\n"
	"ioctl_elsewhere:\n"
	"	mov	$16, %eax\n"
	"	syscall\n"
	"	ret\n"
	".popsection");

static bool is_privileged(void)
{
	struct __user_cap_header_struct header = {
		_LINUX_CAPABILITY_VERSION_3, 0,
	};
	struct __user_cap_data_struct sets[2];

	assert_int_equal(syscall(SYS_capget, &header, sets), 0);
	return sets[0].effective & 1u << CAP_SYS_ADMIN;
}

/* Calls that the filter would stop fail without a tracer: seccomp(2). */
static int child_finds_fault(uint64_t free_ip, bool is_loser)
{
	const struct rlimit nothing = { 0, 0 };
	bool insists;

	if (is_loser && geteuid() == 0 && setresuid(65534, 65534, 65534))
		return 1;
	insists = !is_privileged();
	if ((is_loser && !insists) || setrlimit(RLIMIT_FSIZE, &nothing))
		return 2;
	if (filter_install(free_ip))
		return 3;
	if (!insists && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0)
		return 4;
	if (ioctl_elsewhere(-1, KVM_RUN) != -ENOSYS)
		return 5;
	if (ioctl_at_place(-1, KVM_RUN) != (free_ip ? -EBADF : -ENOSYS))
		return 6;
	if (ioctl_elsewhere(-1, TCGETS) != -EBADF)
		return 7;
	return getppid() > 0 ? 0 : 8;
}

static int installed_fault(uint64_t free_ip, bool is_loser)
{
	int status = -1;
	pid_t child = fork();

	if (!child)
		_exit(child_finds_fault(free_ip, is_loser));
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* Files of no size must not matter to it: `ulimit -f 0`. */
static void test_installed(void **state)
{
	(void)state;
	assert_int_equal(installed_fault(0, false), 0);
	assert_int_equal(installed_fault((uintptr_t)behind_place, false), 0);
}

static void test_installed_without_privileges(void **state)
{
	(void)state;
	assert_int_equal(installed_fault(0, true), 0);
	assert_int_equal(installed_fault((uintptr_t)behind_place, true), 0);
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

#define TESTS_OF_EITHER \
	cmocka_unit_test(test_kvm_requests), \
	cmocka_unit_test(test_upper_half_is_ignored), \
	cmocka_unit_test(test_other_requests), \
	cmocka_unit_test(test_mmap), \
	cmocka_unit_test(test_fcntl), \
	cmocka_unit_test(test_calls_that_always_stop), \
	cmocka_unit_test(test_other_calls), \
	cmocka_unit_test(test_foreign_architecture), \
	cmocka_unit_test(test_agrees_with_c)

int main(void)
{
	const struct CMUnitTest plain[] = {
		TESTS_OF_EITHER,
		cmocka_unit_test(test_no_place),
		cmocka_unit_test(test_signals_without_place),
		cmocka_unit_test(test_installed),
		cmocka_unit_test(test_installed_without_privileges),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_x32_ioctl),
	};
	const struct CMUnitTest with_place[] = {
		TESTS_OF_EITHER,
		cmocka_unit_test(test_free_place),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_free_place_is_for_one_call),
	};
	int failed = cmocka_run_group_tests(plain, set_up, NULL);

	return failed + cmocka_run_group_tests(with_place, set_up_with_place,
					       NULL);
}
