#include "capture/inprocess/remote.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSCALL_BYTES 2
#define CODE_64 0x33	/* __USER_CS, arch/x86/include/asm/segment.h */
#define KERNEL_SIGSET_BYTES 8
#define PENDING_MAX 32

/* What a stopped thread has come to on its way through a call. */
enum place {
	PLACE_BETWEEN,	/* of no interest: go on */
	PLACE_ENTRY,
	PLACE_EXIT,
	PLACE_SIGSYS,	/* the signal that a filter gave instead of the call */
	PLACE_GONE,
};

static uint64_t signal_bit(int signal)
{
	return 1ull << (signal - 1);
}

static enum place lose(struct remote *remote, int status)
{
	remote->is_gone = true;
	remote->status = status;
	return PLACE_GONE;
}

static enum place find_call_place(const struct remote *remote)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, remote->tid, sizeof(info),
		   &info) <= 0)
		return PLACE_BETWEEN;
	return info.op == PTRACE_SYSCALL_INFO_EXIT ? PLACE_EXIT : PLACE_ENTRY;
}

/* SIGSYS of a filter, or of system call dispatch: siginfo(7), SYS_SECCOMP. */
static bool is_of_filter(const siginfo_t *info)
{
	return info->si_signo == SIGSYS && info->si_code > 0;
}

static enum place take_signal(struct remote *remote, int signal)
{
	siginfo_t info;

	if (signal == SIGSYS &&
	    !ptrace(PTRACE_GETSIGINFO, remote->tid, 0, &info) &&
	    is_of_filter(&info)) {
		remote->is_trapped = true;
		return PLACE_SIGSYS;
	}
	remote->postponed |= signal_bit(signal);
	return PLACE_BETWEEN;
}

static enum place take_event(struct remote *remote, int status)
{
	switch (status >> 16) {
	case PTRACE_EVENT_EXIT:
	case PTRACE_EVENT_EXEC:
		return lose(remote, status);
	case PTRACE_EVENT_STOP:
		if (WSTOPSIG(status) != SIGTRAP)
			remote->was_stopped = true;
		break;
	}
	return PLACE_BETWEEN;
}

/* Its next stop, or its end; PLACE_GONE when there is none to wait for. */
static enum place await(struct remote *remote, int *ret_status)
{
	while (waitpid(remote->tid, ret_status, __WALL) < 0)
		if (errno != EINTR)
			return lose(remote, 0);
	return PLACE_BETWEEN;
}

/* Let the thread go on, under PTRACE_SYSCALL, to its next stop. */
static enum place step(struct remote *remote)
{
	int status;

	/* ESRCH: it was killed in its stop; its end is what comes next. */
	if (ptrace(PTRACE_SYSCALL, remote->tid, 0, 0) < 0 && errno != ESRCH)
		return lose(remote, 0);
	if (await(remote, &status) == PLACE_GONE)
		return PLACE_GONE;
	if (!WIFSTOPPED(status))
		return lose(remote, status);
	if (status >> 16)
		return take_event(remote, status);
	if (WSTOPSIG(status) == (SIGTRAP | 0x80))
		return find_call_place(remote);
	return take_signal(remote, WSTOPSIG(status));
}

/* The thread can't be asked any more: as above. */
static int await_end(struct remote *remote)
{
	int status;

	if (await(remote, &status) != PLACE_GONE)
		lose(remote, status);
	return -ESRCH;
}

/* To the exit of a call that has been entered (or is entered on the way). */
static enum place run_to_exit(struct remote *remote, bool is_entered)
{
	enum place place;

	do {
		place = step(remote);
		is_entered |= place == PLACE_ENTRY;
	} while (place != PLACE_GONE && !(place == PLACE_EXIT && is_entered));
	return place;
}

/* Is a filter's SIGSYS waiting to be delivered? (ptrace(2), PEEKSIGINFO) */
static bool awaits_sigsys(const struct remote *remote)
{
	struct __ptrace_peeksiginfo_args which = { .nr = PENDING_MAX };
	siginfo_t pending[PENDING_MAX];
	long count = ptrace(PTRACE_PEEKSIGINFO, remote->tid, &which, pending);

	for (long i = 0; i < count; i++)
		if (is_of_filter(&pending[i]))
			return true;
	return false;
}

/*
 * All but SIGSYS: the kernel resets the handler of a blocked signal that it
 * has to deliver (kernel/signal.c, force_sig_info_to_task()), and the
 * program's filter may answer our calls with it.
 */
static void block_signals(const struct remote *remote)
{
	uint64_t all = ~signal_bit(SIGSYS);

	ptrace(PTRACE_SETSIGMASK, remote->tid, KERNEL_SIGSET_BYTES, &all);
}

/* Nobody has made this call: neither restart nor result are the kernel's. */
static int cancel_call(struct remote *remote)
{
	struct user_regs_struct regs = remote->saved;

	regs.orig_rax = (unsigned long long)-1;
	if (ptrace(PTRACE_SETREGS, remote->tid, 0, &regs) < 0)
		return await_end(remote);
	return run_to_exit(remote, true) == PLACE_GONE ? -ESRCH : 0;
}

static bool is_at_syscall(const struct remote *remote)
{
	uint64_t from = remote->saved.rip - SYSCALL_BYTES;
	long code;

	errno = 0;
	code = ptrace(PTRACE_PEEKTEXT, remote->tid, from, 0);
	return remote->saved.cs == CODE_64 && !errno &&
	       (code & 0xffff) == 0x050f;
}

int remote_begin(struct remote *remote, pid_t tid)
{
	*remote = (struct remote){ .tid = tid };
	if (ptrace(PTRACE_GETREGS, tid, 0, &remote->saved) < 0 ||
	    ptrace(PTRACE_GETSIGMASK, tid, KERNEL_SIGSET_BYTES,
		   &remote->mask) < 0)
		return errno == ESRCH ? await_end(remote) : -errno;
	if (!is_at_syscall(remote))
		return -EINVAL;
	block_signals(remote);
	return cancel_call(remote);
}

static void set_call(struct user_regs_struct *regs, long nr,
		     const uint64_t args[6])
{
	regs->rip -= SYSCALL_BYTES;
	regs->rax = (unsigned long long)nr;
	regs->orig_rax = (unsigned long long)-1;
	regs->rdi = args[0];
	regs->rsi = args[1];
	regs->rdx = args[2];
	regs->r10 = args[3];
	regs->r8 = args[4];
	regs->r9 = args[5];
}

/*
 * The filter's signal comes before the thread is back in its code: it is taken
 * away there.
 */
static int64_t refuse_sigsys(struct remote *remote)
{
	while (!remote->is_gone && !remote->is_trapped)
		step(remote);
	return remote->is_gone ? -ESRCH : -EPERM;
}

int64_t remote_call(struct remote *remote, long nr, const uint64_t args[6])
{
	struct user_regs_struct regs = remote->saved;

	if (remote->is_gone)
		return -ESRCH;
	remote->is_trapped = false;
	set_call(&regs, nr, args);
	if (ptrace(PTRACE_SETREGS, remote->tid, 0, &regs) < 0)
		return await_end(remote);
	if (run_to_exit(remote, false) == PLACE_GONE)
		return -ESRCH;
	if (awaits_sigsys(remote))
		return refuse_sigsys(remote);
	if (ptrace(PTRACE_GETREGS, remote->tid, 0, &regs) < 0)
		return await_end(remote);
	return (int64_t)regs.rax;
}

/*
 * What came in between comes again. Interrupted, a thread whose process is
 * stopped reports so (kernel/signal.c, do_jobctl_trap()); it has not begun its
 * call, so that nothing is broken off by it.
 */
static void give_back_signals(struct remote *remote)
{
	for (int signal = 1; signal <= 64; signal++)
		if (remote->postponed & signal_bit(signal))
			syscall(SYS_tkill, remote->tid, signal);
	if (remote->was_stopped)
		ptrace(PTRACE_INTERRUPT, remote->tid, 0, 0);
}

void remote_end(struct remote *remote)
{
	struct user_regs_struct regs = remote->saved;

	if (remote->is_gone)
		return;
	regs.rip -= SYSCALL_BYTES;
	regs.rax = regs.orig_rax;
	regs.orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, remote->tid, 0, &regs);
	ptrace(PTRACE_SETSIGMASK, remote->tid, KERNEL_SIGSET_BYTES,
	       &remote->mask);
	give_back_signals(remote);
}
