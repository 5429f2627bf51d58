/*
 * Dispositions and masks that a fault of the agent's has reset, put back in a
 * traced child. The child sets them, faults at a place of which the test says
 * that it is the agent's, and looks itself at what it has then; its exit status
 * is the number of the first thing that is wrong.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/calls.h"
#include "capture/filter.h"
#include "capture/inprocess/faults.h"
#include "capture/inprocess/layout.h"

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | \
		 PTRACE_O_EXITKILL)
#define RESTORER 0x04000000u	/* SA_RESTORER of <asm/signal.h> */
#define ANOTHER_VALUE 42	/* with the other signal: sigqueue(3) */
#define SECONDS_MAX 30		/* of a test that hangs */

/* The agent's part: reads at rdi, or traps when that is 1. */
void fault(const void *address);
void restorer(void);
extern const char fault_end[], trap_end[], fault_after[];

__asm__(".pushsection .text\n"
	"fault:\n"
	"	cmp	$1, %rdi\n"
	"	je	1f\n"
	"	mov	(%rdi), %eax\n"
	"fault_end:\n"
	"1:	int3\n"
	"trap_end:\n"
	"fault_after:\n"
	"	ret\n"
	"restorer:\n"
	"	mov	$15, %eax\n"
	"	syscall\n"
	".popsection");

/* The kernel's: <asm/signal.h>. */
struct action {
	uint64_t handler, flags, restorer, mask;
};

struct scene {
	int signal;
	uint64_t handler;	/* SIG_DFL, SIG_IGN or a function's */
	uint64_t flags;
	bool is_blocked;
	bool is_inherited;	/* set before anybody watches */
	bool runs_once;		/* the handler, before the fault */
	long aside_by;		/* 32-bit call that sets it at last; 0: none */
	bool has_filter;	/* which kills for rt_sigaction */
	bool gets_another;	/* signal, while it is stopped */
	bool is_mask_unseen;	/* nobody has noted it */
	bool is_forked;		/* the notes are a copy */
	bool wants_default;	/* at the end, and not what was set */
};

static volatile sig_atomic_t runs, others;

static void on_signal(int signal)
{
	(void)signal;
	runs++;
}

/* Counts those that are as they were sent. */
static void on_other(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	others += info->si_value.sival_int == ANOTHER_VALUE;
}

static uint64_t bit(int signal)
{
	return 1ull << (signal - 1);
}

static void map_at(uint64_t address, size_t length, int prot)
{
	void *place = (void *)(uintptr_t)address;

	if (mmap(place, length, prot, MAP_PRIVATE | MAP_ANONYMOUS |
		 MAP_FIXED_NOREPLACE, -1, 0) != place)
		_exit(100);
}

static void map_agent(void)
{
	map_at(AGENT_CODE, AGENT_CODE_BYTES, PROT_READ | PROT_WRITE);
	memcpy((void *)(uintptr_t)AGENT_CODE, agent_begin,
	       (size_t)(agent_end - agent_begin));
	mprotect((void *)(uintptr_t)AGENT_CODE, AGENT_CODE_BYTES,
		 PROT_READ | PROT_EXEC);
	map_at(AGENT_PRIVATE, PRIVATE_BYTES, PROT_READ | PROT_WRITE);
}

static struct action action_of(const struct scene *scene)
{
	return (struct action){
		.handler = scene->handler,
		.flags = scene->flags | RESTORER,
		.restorer = (uintptr_t)restorer,
		.mask = bit(SIGUSR2),
	};
}

static void set_action(int signal, const struct action *action)
{
	if (syscall(SYS_rt_sigaction, signal, action, NULL, 8))
		_exit(101);
}

/* <asm/unistd_32.h>; rt_sigaction is watched. */
#define SIGACTION_32 67
#define RT_SIGACTION_32 174

/* A handler, which will not run, or the default; all else is 0. */
static void set_aside(int signal, long nr)
{
	uint32_t *action = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long result;

	action[0] = nr == RT_SIGACTION_32 ? 0x1000 : 0;
	__asm__ volatile("int $0x80" : "=a"(result) :
			 "a"(nr), "b"((long)signal), "c"(action), "d"(0L),
			 "S"(8L) : "memory", "r8", "r9", "r10", "r11");
	if (result)
		_exit(102);
}

static void install_killer(void)
{
	const struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigaction, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		sizeof(steps) / sizeof(steps[0]), (struct sock_filter *)steps,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(103);
}

/* Where a read gives this signal: nowhere, or behind a file's end. */
static const void *bad_address(int signal)
{
	int fd;

	if (signal != SIGBUS)
		return (void *)(uintptr_t)(signal == SIGTRAP);
	fd = memfd_create("empty", 0);
	return mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
}

static uint64_t mask_of(const struct scene *scene, bool is_blocked)
{
	return bit(SIGUSR2) | bit(SIGCHLD) |
	       (is_blocked ? bit(scene->signal) : 0);
}

static int find_wrong(const struct scene *scene, int runs_before)
{
	struct action set = action_of(scene), now;
	uint64_t mask;

	if (runs != runs_before)
		return 1;
	if (others != scene->gets_another)
		return 2;
	if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8) ||
	    mask != mask_of(scene, scene->is_blocked))
		return 3;
	if (scene->has_filter)
		return 0;
	if (syscall(SYS_rt_sigaction, scene->signal, NULL, &now, 8))
		return 4;
	if (scene->wants_default)
		return now.handler ? 5 : 0;
	return memcmp(&now, &set, sizeof(now)) ? 6 : 0;
}

static int play(const struct scene *scene)
{
	const void *address = bad_address(scene->signal);
	const struct sigaction other = { .sa_sigaction = on_other,
					 .sa_flags = SA_SIGINFO };
	struct action action = action_of(scene);
	uint64_t mask = mask_of(scene, scene->is_blocked);

	sigaction(SIGUSR1, &other, NULL);
	map_agent();
	if (scene->is_inherited)
		set_action(scene->signal, &action);
	raise(SIGSTOP);
	if (filter_install(agent_address(agent_syscall_end)))
		return 104;
	ioctl(-1, KVM_RUN);
	if (!scene->is_inherited)
		set_action(scene->signal, &action);
	if (scene->runs_once)
		raise(scene->signal);
	if (scene->aside_by)
		set_aside(scene->signal, scene->aside_by);
	if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8))
		return 105;
	/* The mask is known as of a stop. */
	ioctl(-1, KVM_RUN);
	if (scene->has_filter)
		install_killer();
	fault(address);
	return find_wrong(scene, scene->runs_once);
}

static struct engine engine;

/* A stop of the filter: the notes that the engine would take. */
static void note(struct thread *thread)
{
	struct __ptrace_syscall_info info;

	assert_true(ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info),
			   &info) > 0);
	thread->call = watched_call_find(info.arch, info.seccomp.nr);
	assert_non_null(thread->call);
	thread->record.compat = info.arch == AUDIT_ARCH_I386;
	memcpy(thread->record.args, info.seccomp.args,
	       sizeof(thread->record.args));
	if (!watched_call_wanted(thread->call, thread->record.args))
		return;
	if (thread->call->kind == CALL_IOCTL)
		faults_note_mask(thread);
	else
		faults_note_action(thread);
}

static void copy_notes(struct thread *thread)
{
	struct faults *copy = faults_fork(thread, getpid());

	assert_non_null(copy);
	assert_ptr_not_equal(copy, thread->process->faults);
	faults_unref(thread->process->faults);
	thread->process->faults = copy;
}

static void send_another(pid_t tid)
{
	siginfo_t info = { .si_code = SI_QUEUE };

	info.si_value.sival_int = ANOTHER_VALUE;
	assert_int_equal(syscall(SYS_rt_tgsigqueueinfo, tid, tid, SIGUSR1,
				 &info), 0);
}

static bool has_same(const struct user_regs_struct *a,
		     struct user_regs_struct b)
{
	b.orig_rax = a->orig_rax;
	return !memcmp(a, &b, sizeof(b));
}

/* True: it was the fault; the thread is behind it. */
static bool mend(struct thread *thread, const struct scene *scene, int signal)
{
	struct user_regs_struct regs, after;

	assert_int_equal(ptrace(PTRACE_GETREGS, thread->tid, 0, &regs), 0);
	if (signal != scene->signal ||
	    (regs.rip != (uintptr_t)trap_end &&
	     regs.rip + 2 != (uintptr_t)fault_end))
		return false;
	if (scene->is_forked)
		copy_notes(thread);
	if (scene->gets_another)
		send_another(thread->tid);
	regs.rip = (uintptr_t)fault_after;
	regs.r10 = 0x1234567890abcdef;
	assert_int_equal(ptrace(PTRACE_SETREGS, thread->tid, 0, &regs), 0);
	assert_int_equal(faults_restore(&engine, thread, signal), 0);
	assert_int_equal(ptrace(PTRACE_GETREGS, thread->tid, 0, &after), 0);
	assert_true(has_same(&regs, after));
	return true;
}

/* The signal to go on with. */
static int take_stop(struct thread *thread, const struct scene *scene,
		     int status)
{
	int signal = WSTOPSIG(status);

	if (status >> 16 == PTRACE_EVENT_SECCOMP)
		note(thread);
	if (status >> 16 || mend(thread, scene, signal))
		return 0;
	faults_note_delivery(thread, signal);
	return signal;
}

static int watch(struct thread *thread, const struct scene *scene)
{
	int status;

	while (waitpid(thread->tid, &status, __WALL) == thread->tid &&
	       WIFSTOPPED(status))
		ptrace(PTRACE_CONT, thread->tid, 0,
		       (long)take_stop(thread, scene, status));
	return status;
}

/* Seize it in its own SIGSTOP; what comes of it. */
static int run(const struct scene *scene)
{
	struct process process = { 0 };
	struct thread thread = { .process = &process };
	int status;

	/* Calls of a thread with a ring are taken in the process. */
	if (!scene->is_mask_unseen)
		thread.ring = (struct thread_ring *)&thread;
	thread.tid = process.pid = fork();
	if (!thread.tid)
		_exit(play(scene));
	assert_int_equal(waitpid(thread.tid, &status, WUNTRACED), thread.tid);
	assert_true(WIFSTOPPED(status));
	if (ptrace(PTRACE_SEIZE, thread.tid, 0, OPTIONS)) {
		kill(thread.tid, SIGKILL);
		skip();
	}
	kill(thread.tid, SIGCONT);
	status = watch(&thread, scene);
	faults_unref(process.faults);
	return status;
}

#define HANDLER ((uintptr_t)on_signal)
#define FLAGS (SA_NODEFER | SA_ONSTACK | SA_RESTART)

/* Each signal with each disposition, blocked and not. */
static void test_all(void **state)
{
	const int all[] = { SIGSEGV, SIGBUS, SIGTRAP };
	const uint64_t handlers[] = { 0, 1, HANDLER };

	(void)state;
	for (int i = 0; i < 3 * 3 * 2; i++)
		assert_int_equal(run(&(struct scene){
			.signal = all[i % 3], .handler = handlers[i / 3 % 3],
			.flags = FLAGS, .is_blocked = i / 9 }), 0);
}

static void test_inherited(void **state)
{
	(void)state;
	assert_int_equal(run(&(struct scene){
		.signal = SIGSEGV, .handler = 1, .is_inherited = true }), 0);
}

/* What was set before anybody watched, and is no more, can't be known. */
static void test_unknown(void **state)
{
	(void)state;
	assert_int_equal(run(&(struct scene){
		.signal = SIGSEGV, .handler = HANDLER, .is_inherited = true,
		.is_blocked = true, .wants_default = true }), 0);
}

/* The handler has had its turn: nothing is to be put back. */
static void test_handler_for_once(void **state)
{
	(void)state;
	assert_int_equal(run(&(struct scene){
		.signal = SIGBUS, .handler = HANDLER, .flags = SA_RESETHAND,
		.runs_once = true, .wants_default = true }), 0);
}

/* That the handler is gone tells that it was blocked. */
static void test_mask_by_handler(void **state)
{
	(void)state;
	for (int is_blocked = 0; is_blocked < 2; is_blocked++)
		assert_int_equal(run(&(struct scene){
			.signal = SIGBUS, .handler = HANDLER,
			.is_blocked = is_blocked, .is_mask_unseen = true }), 0);
}

static void test_filter_of_the_program(void **state)
{
	(void)state;
	assert_int_equal(run(&(struct scene){
		.signal = SIGSEGV, .handler = 1, .is_blocked = true,
		.has_filter = true }), 0);
	assert_int_equal(run(&(struct scene){
		.signal = SIGSEGV, .handler = HANDLER, .is_blocked = true,
		.has_filter = true }), 0);
}

/* Code of 32 bits sets another layout, and is not looked at. */
static void test_set_by_32bit_code(void **state)
{
	(void)state;
	assert_int_equal(run(&(struct scene){
		.signal = SIGSEGV, .handler = 1, .is_blocked = true,
		.aside_by = RT_SIGACTION_32, .wants_default = true }), 0);
}

/* What is noted isn't true any more: it must not be put back. */
static void test_set_unseen(void **state)
{
	(void)state;
	assert_int_equal(run(&(struct scene){
		.signal = SIGSEGV, .handler = HANDLER,
		.aside_by = SIGACTION_32, .wants_default = true }), 0);
}

static void test_another_signal(void **state)
{
	(void)state;
	assert_int_equal(run(&(struct scene){
		.signal = SIGSEGV, .handler = 1, .is_blocked = true,
		.gets_another = true }), 0);
}

static void test_copied_notes(void **state)
{
	(void)state;
	assert_int_equal(run(&(struct scene){
		.signal = SIGSEGV, .handler = HANDLER, .is_blocked = true,
		.is_forked = true }), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_inherited),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_handler_for_once),
		cmocka_unit_test(test_mask_by_handler),
		cmocka_unit_test(test_filter_of_the_program),
		cmocka_unit_test(test_set_by_32bit_code),
		cmocka_unit_test(test_set_unseen),
		cmocka_unit_test(test_another_signal),
		cmocka_unit_test(test_copied_notes),
	};

	alarm(SECONDS_MAX);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
