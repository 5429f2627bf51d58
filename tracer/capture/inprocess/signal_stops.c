/* Signals to threads that stand in the agent. Part of inprocess.c. */
#include <signal.h>
#include <sys/ptrace.h>

#include "capture/inprocess/eviction.h"
#include "capture/inprocess/faults.h"
#include "capture/inprocess/inprocess.h"
#include "capture/space.h"

/* <asm-generic/siginfo.h>: what the C library's header lacks. */
#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif
#ifndef SYS_USER_DISPATCH
#define SYS_USER_DISPATCH 2
#endif

/*
 * An instruction of the agent's faulted, other than by the machine's own
 * errors, which are the program's to hear of.
 */
static bool is_agents_fault(const siginfo_t *info,
			    const struct user_regs_struct *regs)
{
	if (info->si_code <= 0 || (int64_t)regs->orig_rax != -1)
		return false;
	return info->si_signo == SIGSEGV ||
	       (info->si_signo == SIGBUS && info->si_code <= BUS_OBJERR);
}

/*
 * The program's filter, or its dispatching of system calls (prctl(2)), refuses
 * the agent's call. The site's own is to get that.
 */
static bool is_refused(const siginfo_t *info,
		       const struct user_regs_struct *regs)
{
	return info->si_signo == SIGSYS &&
	       (info->si_code == SYS_SECCOMP ||
		info->si_code == SYS_USER_DISPATCH) &&
	       regs->rip == inprocess_free_ip();
}

/* An int3 that stood at a site while it was patched: to where it stands for. */
static bool rewind_int3(struct thread *thread, struct user_regs_struct *regs)
{
	struct patches *patches = thread->process->space->agent->patches;
	uint64_t rip;

	if (!patches_rewind(patches, thread->tid, regs->rip,
			    &rip))
		return false;
	regs->rip = rip;
	ptrace(PTRACE_SETREGS, thread->tid, 0, regs);
	patches_restore_mask(patches, thread->tid);
	return true;
}

/* Out of the agent. True: the signal was the agent's doing. */
static bool take_out(struct engine *engine, struct thread *thread,
		     struct user_regs_struct *regs, int *ret_status)
{
	siginfo_t info = { 0 };
	bool is_fault;

	ptrace(PTRACE_GETSIGINFO, thread->tid, 0, &info);
	if (thread->ring && is_refused(&info, regs)) {
		eviction_undo(thread, regs);
		ptrace(PTRACE_SETREGS, thread->tid, 0, regs);
		return true;
	}
	is_fault = is_agents_fault(&info, regs);
	if (eviction_apply(engine, thread, regs) == EVICTION_FINISHED)
		inprocess_count(engine, is_fault ? SLOW_FAULT : SLOW_SIGNAL);
	ptrace(PTRACE_SETREGS, thread->tid, 0, regs);
	if (is_fault)
		*ret_status = faults_restore(engine, thread, info.si_signo);
	return is_fault;
}

bool inprocess_signal(struct engine *engine, struct thread *thread, int signal,
		      int *ret_status)
{
	struct user_regs_struct regs;

	if (!thread->process || !thread->process->space->agent ||
	    ptrace(PTRACE_GETREGS, thread->tid, 0, &regs))
		return false;
	if (signal == SIGTRAP && rewind_int3(thread, &regs))
		return true;
	if (!eviction_is_due(&regs))
		return false;
	return take_out(engine, thread, &regs, ret_status);
}
