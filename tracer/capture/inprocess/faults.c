#include "capture/inprocess/faults.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/calls.h"
#include "capture/inprocess/layout.h"
#include "capture/inprocess/remote.h"
#include "capture/inprocess/signals.h"

#define SYSCALL_OPCODE 0x050f
#define SYSCALL_BYTES 2
#define DEFAULT 0	/* SIG_DFL and SIG_IGN, as numbers */
#define IGNORED 1

static const int watched[] = { SIGSEGV, SIGBUS, SIGTRAP };

#define WATCHED (sizeof(watched) / sizeof(watched[0]))

/* As rt_sigaction takes it: struct sigaction of <asm/signal.h>. */
struct kernel_action {
	uint64_t handler, flags, restorer, mask;
};

_Static_assert(sizeof(struct kernel_action) <= PRIVATE_SCRATCH_BYTES, "scratch");

struct disposition {
	struct kernel_action set;
	bool is_known;		/* not when 32-bit code has set it */
};

struct faults {
	uint32_t refs;
	uint64_t filters;	/* of seccomp, that the process began with */
	struct disposition dispositions[WATCHED];
};

/*
 * All since the exec was seen: what was not set since is at its default, or
 * ignored as it was before (execve(2)).
 */
static struct faults *faults_new(pid_t tid)
{
	struct faults *faults = calloc(1, sizeof(*faults));
	struct signals signals;

	if (!faults)
		log_die("out of memory: the signals of process %d", (int)tid);
	faults->refs = 1;
	if (!signals_read(tid, &signals))
		return faults;
	faults->filters = signals.filters;
	for (size_t i = 0; i < WATCHED; i++) {
		struct disposition *disposition = &faults->dispositions[i];
		uint64_t bit = signal_bit(watched[i]);

		disposition->is_known = !(signals.caught & bit);
		disposition->set.handler = signals.ignored & bit ? IGNORED
								: DEFAULT;
	}
	return faults;
}

static struct faults *faults_of(struct thread *thread)
{
	struct process *process = thread->process;

	if (!process->faults)
		process->faults = faults_new(thread->tid);
	return process->faults;
}

static struct disposition *find(struct faults *faults, int signal)
{
	for (size_t i = 0; i < WATCHED; i++)
		if (watched[i] == signal)
			return &faults->dispositions[i];
	return NULL;
}

struct faults *faults_fork(const struct thread *maker, pid_t child)
{
	struct faults *faults = maker->process->faults, *copy;

	if (!faults)
		return NULL;
	/* CLONE_SIGHAND without CLONE_THREAD: one set for both. */
	if (!syscall(SYS_kcmp, maker->tid, child, KCMP_SIGHAND, 0, 0)) {
		faults->refs++;
		return faults;
	}
	copy = malloc(sizeof(*copy));
	if (!copy)
		log_die("out of memory: the signals of process %d", (int)child);
	*copy = *faults;
	copy->refs = 1;
	return copy;
}

void faults_unref(struct faults *faults)
{
	if (faults && !--faults->refs)
		free(faults);
}

/*
 * What the kernel can't read it doesn't set. When it can't write the former
 * one, it has set the new one nevertheless.
 */
void faults_note_action(struct thread *thread)
{
	const struct record *record = &thread->record;
	struct disposition *disposition = find(faults_of(thread),
					       (int)record->args[0]);
	struct kernel_action set;

	if (!disposition)
		return;
	if (record->compat) {
		disposition->is_known = false;
		return;
	}
	if (record->args[3] != KERNEL_SIGSET_BYTES ||
	    memory_read(thread->tid, record->args[1], &set, sizeof(set)) !=
		    sizeof(set))
		return;
	disposition->set = set;
	disposition->is_known = true;
}

void faults_note_mask(struct thread *thread)
{
	faults_of(thread);
	signals_read_mask(thread->tid, &thread->blocked);
}

/* SA_RESETHAND, in kernel/signal.c: get_signal(). */
void faults_note_delivery(struct thread *thread, int signal)
{
	struct faults *faults = thread->process ? thread->process->faults
						: NULL;
	struct disposition *disposition = faults ? find(faults, signal) : NULL;

	if (disposition && disposition->set.handler > IGNORED &&
	    disposition->set.flags & SA_RESETHAND)
		disposition->set.handler = DEFAULT;
}

/*
 * Was it blocked, by the mask that was noted? It may have been noted in a
 * handler, with its mask, and the handler have returned since: then less is
 * blocked now. The reverse, that it is in a handler now, changes nothing.
 */
static bool was_noted_blocked(const struct thread *thread, uint64_t mask,
			      uint64_t bit)
{
	return thread->blocked & bit && !(thread->blocked & ~bit & ~mask);
}

/*
 * From a stop before the program's next instruction: as if it had come to the
 * agent's `syscall` with `regs`. The filter lets only ioctl pass there. Signals
 * stay out; see remote.c for SIGSYS.
 */
static bool begin(struct remote *remote, pid_t tid,
		  struct user_regs_struct *ret_regs)
{
	uint64_t end = agent_address(agent_syscall_end);
	long code;

	*remote = (struct remote){ .tid = tid };
	errno = 0;
	code = ptrace(PTRACE_PEEKTEXT, tid, end - SYSCALL_BYTES, 0);
	if (errno || (code & 0xffff) != SYSCALL_OPCODE ||
	    ptrace(PTRACE_GETREGS, tid, 0, &remote->saved))
		return false;
	*ret_regs = remote->saved;
	remote->saved.rip = end;
	signals_write_mask(tid, ~signal_bit(SIGSYS));
	return true;
}

/* remote_end() goes two bytes back and takes rax out of orig_rax. */
static void end(struct remote *remote, struct user_regs_struct regs,
		uint64_t mask)
{
	regs.rip += SYSCALL_BYTES;
	regs.orig_rax = regs.rax;
	remote->saved = regs;
	remote->mask = mask;
	remote_end(remote);
}

static bool write_scratch(pid_t tid, const struct kernel_action *action)
{
	const uint64_t words[] = { action->handler, action->flags,
				   action->restorer, action->mask };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (ptrace(PTRACE_POKEDATA, tid, AGENT_PRIVATE + PRIVATE_SCRATCH +
			   i * sizeof(words[0]), words[i]))
			return false;
	return true;
}

/* What the kernel has: a fault takes the handler away and leaves the rest. */
static bool read_action(struct remote *remote, int signal,
			struct kernel_action *ret)
{
	const uint64_t args[6] = { (uint64_t)signal, 0,
				   AGENT_PRIVATE + PRIVATE_SCRATCH,
				   KERNEL_SIGSET_BYTES };

	return !remote_call(remote, SYS_rt_sigaction, args) &&
	       memory_read(remote->tid, args[2], ret, sizeof(*ret)) ==
		       sizeof(*ret);
}

/*
 * If not, a handler was set behind our back: by a call of 32-bit code, or with
 * CLONE_CLEAR_SIGHAND. Flags that the kernel doesn't know are not kept:
 * sigaction(2).
 */
static bool is_still_set(const struct kernel_action *now,
			 const struct kernel_action *set)
{
	const uint64_t never = signal_bit(SIGKILL) | signal_bit(SIGSTOP);

	return set->handler == IGNORED ||
	       (now->restorer == set->restorer &&
		now->mask == (set->mask & ~never) &&
		!(now->flags & ~set->flags));
}

static bool set_action(struct remote *remote, int signal,
		       const struct kernel_action *set)
{
	const uint64_t args[6] = { (uint64_t)signal, AGENT_PRIVATE + PRIVATE_SCRATCH,
				   0, KERNEL_SIGSET_BYTES };

	return write_scratch(remote->tid, set) &&
	       !remote_call(remote, SYS_rt_sigaction, args);
}

/* What is known of a reset, and what comes of it. */
struct repair {
	struct thread *thread;
	int signal;
	const struct kernel_action *set;
	uint64_t mask;		/* as it is now */
	bool was_blocked;	/* as far as is known */
	bool is_lost;		/* the disposition can't be put back */
	int status;		/* of a thread that died meanwhile */
};

/*
 * A handler that is gone was blocked: the kernel leaves those that it can
 * run. False: it stays lost.
 */
static bool set_again(struct repair *repair, struct remote *remote)
{
	const struct kernel_action *set = repair->set;
	struct kernel_action now;

	if (!read_action(remote, repair->signal, &now))
		return false;
	/* Another thread has set it since. */
	if (now.handler != DEFAULT)
		return true;
	if (!is_still_set(&now, set))
		return false;
	repair->was_blocked |= set->handler > IGNORED;
	now.handler = set->handler;
	return set_action(remote, repair->signal, &now);
}

static void put_back(struct repair *repair)
{
	struct user_regs_struct regs;
	struct remote remote;
	uint64_t mask = repair->mask;

	repair->is_lost = true;
	if (!begin(&remote, repair->thread->tid, &regs))
		return;
	repair->is_lost = !set_again(repair, &remote);
	if (repair->was_blocked)
		mask |= signal_bit(repair->signal);
	end(&remote, regs, mask);
	repair->status = remote.is_gone ? remote.status : 0;
}

static bool is_default(const struct signals *signals, uint64_t bit)
{
	return !((signals->ignored | signals->caught) & bit);
}

/*
 * A filter that the program has installed may kill for rt_sigaction: then what
 * has no call of its own is put back, the mask.
 */
static bool can_put_back(const struct faults *faults,
			 const struct disposition *disposition,
			 const struct signals *signals)
{
	return disposition->is_known && signals->filters <= faults->filters;
}

static void restore(struct repair *repair, const struct signals *signals,
		    const struct faults *faults,
		    const struct disposition *disposition)
{
	uint64_t bit = signal_bit(repair->signal);
	bool is_reset = is_default(signals, bit) &&
			!(disposition->is_known &&
			  disposition->set.handler == DEFAULT);

	if (is_reset && can_put_back(faults, disposition, signals)) {
		put_back(repair);
		return;
	}
	repair->is_lost = is_reset;
	repair->was_blocked |= is_reset && disposition->is_known &&
			       disposition->set.handler > IGNORED;
	if (repair->was_blocked)
		signals_write_mask(repair->thread->tid, repair->mask | bit);
}

int faults_restore(struct engine *engine, struct thread *thread, int signal)
{
	struct faults *faults = faults_of(thread);
	struct disposition *disposition = find(faults, signal);
	struct repair repair = { .thread = thread, .signal = signal };
	uint64_t bit = signal_bit(signal);
	struct signals signals;

	if (!disposition || !signals_read_mask(thread->tid, &repair.mask) ||
	    !signals_read(thread->tid, &signals) || signals.caught & bit)
		return 0;
	repair.set = &disposition->set;
	repair.was_blocked = was_noted_blocked(thread, repair.mask, bit);
	restore(&repair, &signals, faults, disposition);
	engine->end.calls.lost_signals += repair.is_lost;
	return repair.status;
}
