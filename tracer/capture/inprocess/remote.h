/*
 * System calls made by a traced thread at the tracer's wish. The thread stands
 * in a PTRACE_EVENT_SECCOMP stop at the entry of a 64-bit `syscall`: that call
 * is cancelled, others are made by the same instruction, and in the end the
 * thread is set to make the first one again.
 *
 * Wants PTRACE_O_TRACESYSGOOD. Signals are blocked meanwhile; a SIGSTOP that
 * comes nevertheless is sent again at the end.
 */
#ifndef CAPTURE_INPROCESS_REMOTE_H
#define CAPTURE_INPROCESS_REMOTE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

struct remote {
	pid_t tid;
	struct user_regs_struct saved;	/* as they were at the `syscall` */
	uint64_t mask;			/* the thread's blocked signals */
	uint64_t postponed;		/* signals to send again, as a mask */
	bool was_stopped;		/* a group stop was passed over */
	bool is_trapped;		/* our call's SIGSYS was taken away */
	/*
	 * The thread is dead, or at its PTRACE_EVENT_EXIT or _EXEC: `status` is
	 * what waitpid() gave (0: nothing yet, it will come), for whoever sees
	 * to threads' ends. All else does nothing then.
	 */
	bool is_gone;
	int status;
};

/*
 * Afterwards the thread stands where calls can be made. -EINVAL when it isn't
 * at a `syscall` of 64-bit code: nothing has been changed then; -ESRCH when it
 * is gone.
 */
int remote_begin(struct remote *remote, pid_t tid);

/*
 * The call's result, -errno as the kernel gives it. -ESRCH when the thread is
 * gone, -EPERM when a filter of the program's answers with SIGSYS.
 */
int64_t remote_call(struct remote *remote, long nr, const uint64_t args[6]);

/* The thread makes its own call again when it is resumed. */
void remote_end(struct remote *remote);

#endif
