/* Who made the call: a child's ioctls, seen from a ptrace stop. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <linux/ptrace.h>

#include "capture/caller.h"
#include "capture/prologue.h"
#include "capture/wrappers.h"

#define REQUEST 0xae00u
#define SIGNAL_OF_CALL (SIGTRAP | 0x80)

/* Work behind the child's calls: without it they would become jumps. */
static volatile long result;

/* Each call is on the line that its check looks for. */
enum { LINE_BY_IOCTL = __LINE__ + 3 };
static __attribute__((noinline)) void call_by_ioctl(void)
{
	result = ioctl(-1, REQUEST, 0);
}

enum { LINE_BY_SYSCALL = __LINE__ + 3 };
static __attribute__((noinline)) void call_by_syscall(void)
{
	result = syscall(SYS_ioctl, -1, REQUEST, 0);
}

enum { LINE_BY_HAND = __LINE__ + 5 };
static __attribute__((noinline)) void call_by_hand(void)
{
	long r;

	__asm__ volatile("syscall" : "=a"(r)
			 : "0"((long)SYS_ioctl), "D"(-1L), "S"((long)REQUEST)
			 : "rcx", "r11", "memory");
	result = r;
}

/* mov $16, %eax; mov $0xae00, %esi; syscall; ret */
static void call_from_memory(void)
{
	static const uint8_t code[] = { 0xb8, 16, 0, 0, 0, 0xbe, 0x00, 0xae,
					0, 0, 0x0f, 0x05, 0xc3 };
	void *memory = mmap(NULL, sizeof(code),
			    PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return;
	memcpy(memory, code, sizeof(code));
	((void (*)(void))memory)();
}

static void run_child(void)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(77);
	raise(SIGSTOP);
	for (int i = 0; i < 2; i++)
		call_by_ioctl();
	call_by_syscall();
	call_by_hand();
	call_from_memory();
	_exit(0);
}

/* To the next stop at the entry of our ioctl; false: the child has ended. */
static bool find_call(pid_t pid, struct ptrace_syscall_info *info)
{
	int status;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) ||
		    waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return false;
		if (WSTOPSIG(status) != SIGNAL_OF_CALL)
			continue;
		ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(*info), info);
		if (info->op == PTRACE_SYSCALL_INFO_ENTRY &&
		    info->entry.nr == SYS_ioctl &&
		    info->entry.args[1] == REQUEST)
			return true;
	}
}

static struct record_caller next_caller(struct caller_space *space, pid_t pid)
{
	struct ptrace_syscall_info info;
	struct record_caller caller = { .ip = 0 };

	assert_true(find_call(pid, &info));
	caller_find(space, pid, info.instruction_pointer, info.stack_pointer,
		    NULL, &caller);
	return caller;
}

static void assert_caller(const struct record_caller *caller,
			  const char *symbol, unsigned int line)
{
	static const char name[] = "test_caller.c";

	assert_non_null(caller->symbol);
	assert_string_equal(caller->symbol, symbol);
	assert_non_null(caller->object);
	assert_string_equal(caller->object, program_invocation_short_name);
	assert_non_null(caller->file);
	assert_true(strlen(caller->file) >= strlen(name));
	assert_string_equal(caller->file + strlen(caller->file) - strlen(name),
			    name);
	assert_int_equal(caller->line, line);
}

static void check_calls(pid_t pid)
{
	struct caller_space *space = caller_space_new(pid);
	struct record_caller first = next_caller(space, pid);
	struct record_caller caller = next_caller(space, pid);

	assert_caller(&first, "call_by_ioctl", LINE_BY_IOCTL);
	assert_in_range(first.ip, (uintptr_t)call_by_ioctl,
			(uintptr_t)call_by_ioctl + 64);
	assert_memory_equal(&first, &caller, sizeof(first));
	caller = next_caller(space, pid);
	assert_caller(&caller, "call_by_syscall", LINE_BY_SYSCALL);
	caller = next_caller(space, pid);
	assert_caller(&caller, "call_by_hand", LINE_BY_HAND);
	assert_int_equal(caller.ip - first.ip, caller.offset - first.offset);
	caller = next_caller(space, pid);
	assert_true(caller.ip);
	assert_null(caller.symbol);
	assert_null(caller.object);
	assert_null(caller.file);
	caller_space_free(space);
}

static void test_live(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	assert_true(pid >= 0);
	if (!pid)
		run_child();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFSTOPPED(status)) {
		print_message("skipped: ptrace is not permitted here\n");
		skip();
	}
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, pid, NULL,
				PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
	check_calls(pid);
	ptrace(PTRACE_KILL, pid, NULL, NULL);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* A process that is gone, pointers that lead nowhere: only the ip is known. */
static void test_nothing_to_find(void **state)
{
	static const uint64_t odd[] = { 1, 0x1000, 0x7fffffffffff,
					0x8000000000000000, UINT64_MAX };
	struct caller_space *space = caller_space_new(INT32_MAX);

	(void)state;
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
			struct record_caller caller = { .ip = 0 };

			caller_find(space, INT32_MAX, odd[i], odd[i], NULL,
				    &caller);
			assert_int_equal(caller.ip, odd[i] - 1);
			assert_null(caller.symbol);
		}
	caller_space_free(space);
	caller_space_free(NULL);
}

/* More places than are kept: old ones go, new ones are still learnt. */
static void test_many_places(void **state)
{
	struct caller_space *space = caller_space_new(INT32_MAX);

	(void)state;
	for (uint64_t ip = 0x1000; ip < 0x1000 + 3 * 65536; ip++) {
		struct record_caller caller;

		caller_find(space, INT32_MAX, ip, 0, NULL, &caller);
		assert_int_equal(caller.ip, ip - 1);
	}
	caller_space_free(space);
}

static void test_wrappers(void **state)
{
	static const char *const wrappers[] = {
		"ioctl", "__ioctl", "__libc_ioctl", "__GI___ioctl",
		"__ioctl_time64", "syscall", "__libc_open64", "mmap64",
		"__close_nocancel", "_dl_sysinfo_int80", "__syscall_cp_asm",
		"__interceptor_ioctl",
		"syscall.Syscall", "internal/runtime/syscall.Syscall6",
		"golang.org/x/sys/unix.RawSyscall",
	};
	static const char *const others[] = {
		"", "_", "main", "kvm_ioctl", "ioctl_run", "64", "main.Syscall",
		"vm_open", "syscall.Open", "/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++)
		assert_true(wrappers_have("hv", wrappers[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(wrappers_have("hv", others[i]));
	assert_true(wrappers_have("libc.so.6", NULL));
	assert_true(wrappers_have("libc-2.31.so", "any"));
	assert_true(wrappers_have("ld-musl-x86_64.so.1", "any"));
	assert_false(wrappers_have("libc-client.so", "any"));
	assert_false(wrappers_have(NULL, NULL));
}

/* Instructions, and what they leave above the stack pointer (-1: unclear). */
static const struct {
	uint8_t word, length, code[16];
	int32_t depth;
} prologues[] = {
	{ 8, 2, { 0x0f, 0x05 }, 0 },				/* syscall */
	{ 8, 6, { 0x48, 0x83, 0xec, 0x58, 0x0f, 0x05 }, 0x58 },	/* sub */
	{ 8, 3, { 0x53, 0x41, 0x54 }, 16 },			/* push, push */
	{ 8, 5, { 0x53, 0x6a, 0x00, 0x5a, 0x90 }, 8 },		/* pop */
	{ 8, 8, { 0x48, 0x83, 0xec, 0x18, 0x48, 0x83, 0xc4, 0x08 }, 0x10 },
	{ 4, 6, { 0xe8, 0, 0, 0, 0, 0x90 }, 4 },		/* call +0 */
	{ 4, 2, { 0x53, 0x56 }, 8 },
	{ 8, 2, { 0xc3, 0x90 }, -1 },				/* ret */
	{ 8, 3, { 0x48, 0x89, 0xec }, -1 },			/* mov %rbp */
	{ 8, 4, { 0x48, 0x83, 0xe4, 0xf0 }, -1 },		/* and */
	{ 8, 3, { 0x48, 0x29, 0xc4 }, -1 },			/* sub %rax */
	{ 8, 1, { 0x5b }, -1 },					/* pop */
	{ 8, 1, { 0xc9 }, -1 },					/* leave */
	{ 8, 1, { 0x5c }, -1 },					/* pop %rsp */
	{ 8, 2, { 0x48, 0x83 }, -1 },				/* cut off */
};

static void test_prologues(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(prologues) / sizeof(prologues[0]); i++) {
		int32_t depth = -1;
		int r = prologue_measure(prologues[i].code, prologues[i].length,
					 prologues[i].word, &depth);

		assert_int_equal(r, prologues[i].depth < 0 ? -ENODATA : 0);
		assert_int_equal(depth, prologues[i].depth);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_nothing_to_find),
		cmocka_unit_test(test_many_places),
		cmocka_unit_test(test_wrappers),
		cmocka_unit_test(test_prologues),
	};

	return cmocka_run_group_tests_name("caller", tests, NULL, NULL);
}
