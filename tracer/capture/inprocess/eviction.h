/*
 * Taking a thread that was stopped in the agent out of it, so that nobody
 * notices that it was there: signal handlers and unwinders see the program's
 * own code, and a handler may leave by longjmp.
 */
#ifndef CAPTURE_INPROCESS_EVICTION_H
#define CAPTURE_INPROCESS_EVICTION_H

#include <sys/user.h>

#include "capture/engine.h"

enum eviction {
	EVICTION_NONE,		/* it has nothing to lose there */
	EVICTION_BACK,		/* the call is to be made again, by the program */
	EVICTION_FINISHED,	/* the call was made: its record was handed out */
	EVICTION_RESTORED,	/* the record was complete already */
};

/* Does it stand in the agent? */
bool eviction_is_due(const struct user_regs_struct *regs);

/* By its registers, which are changed, not yet set. */
enum eviction eviction_apply(struct engine *engine, struct thread *thread,
			     struct user_regs_struct *regs);

/*
 * A thread that stands behind the agent's `syscall` with a signal that says the
 * call was not made: onto the site's `syscall`, to make it there.
 */
void eviction_undo(struct thread *thread, struct user_regs_struct *regs);

/*
 * The thread is gone or about to go: hand out the call that it is in, which is
 * finished or not. `regs` may be NULL when they can't be read.
 */
void eviction_abandon(struct engine *engine, struct thread *thread,
		      const struct user_regs_struct *regs);

/* Complete a call that the agent made and left to us; see agent_code.S, sync. */
void eviction_finish_sync(struct engine *engine, struct thread *thread);

#endif
