/*
 * The in-process engine: what it adds to the ptrace engine, which stays in
 * charge of threads, signals and every call that is not taken in the process.
 *
 * At the first KVM ioctl of a program the agent (agent_code.S) is put into it; the
 * code that makes such calls is patched to go there (patch.c), and what the
 * agent writes down is read out of rings (rings.c). In each stop the
 * rings are read first: then all that happened before the stop is known.
 */
#ifndef CAPTURE_INPROCESS_INPROCESS_H
#define CAPTURE_INPROCESS_INPROCESS_H

#include <time.h>

#include "capture/engine.h"
#include "capture/inprocess/agent.h"
#include "capture/inprocess/requests.h"
#include "capture/inprocess/tsc.h"

struct inprocess {
	struct agent_request requests[AGENT_REQUESTS];
	uint64_t filters;		/* of seccomp, that the program began with */
	struct tsc_clock clock;
	struct thread_ring *rings;	/* of all threads that have one */
	struct ring_record scratch;
	struct record record;
	uint64_t broken;		/* rings that the program wrote into */
	bool has_timer;
	timer_t timer;			/* wakes the loop to read the rings */
	uint64_t period_ns;		/* of the timer; 0: it stands still */
	unsigned int idle;		/* readings in a row that found nothing */
};

/* Where to let a program's own ioctls pass: for filter_install(). */
uint64_t inprocess_free_ip(void);

struct inprocess *inprocess_new(const struct engine *engine);
void inprocess_free(struct inprocess *inprocess);

enum inprocess_stop {
	STOP_OF_PROGRAM,	/* a call like any other: go on */
	STOP_TAKEN,		/* dealt with: resume the thread */
	STOP_GONE,		/* the thread died: *ret_status */
};

/* A stop of the filter at an ioctl, before anybody has looked at it. */
enum inprocess_stop inprocess_stop(struct engine *engine, struct thread *thread,
				   const struct __ptrace_syscall_info *info,
				   int *ret_status);
/* Such a call was entered by ptrace; the next one may be taken in the process. */
void inprocess_entered(struct engine *engine, struct thread *thread,
		       const struct __ptrace_syscall_info *info);
/* A call changes descriptors or mappings when the kernel gets to it. */
void inprocess_changing(struct thread *thread);
/* Any watched call has been left, or given up. */
void inprocess_left(struct engine *engine, struct thread *thread);

/*
 * A signal is about to be delivered. The thread is taken out of the agent.
 * True: the signal was the agent's doing and must not be delivered; *ret_status
 * is set when the thread died in the meantime.
 */
bool inprocess_signal(struct engine *engine, struct thread *thread, int signal,
		      int *ret_status);

/* The thread ends or execs: hand out what is left, its open call too. */
void inprocess_release(struct engine *engine, struct thread *thread);

/*
 * A new thread or process that shares the memory of its maker, both stopped;
 * `is_waiting`: the maker waits until it no longer does (vfork).
 */
void inprocess_shared(struct engine *engine, struct thread *maker,
		      struct thread *child, bool is_waiting);
/* The same of one that runs already: it may have its maker's fs base. */
void inprocess_share_unseen(struct engine *engine, struct thread *maker);

/* A process with a copy of its maker's memory. */
void inprocess_forked(struct engine *engine, const struct process *parent,
		      struct process *child);

/* The ioctl counts as one left to ptrace, for this reason. */
void inprocess_count(struct engine *engine, enum slow_reason reason);

#endif
