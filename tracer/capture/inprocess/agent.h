/*
 * The agent in one address space, from the tracer's side: keeping its tables
 * true, which say what threads have a ring, which descriptors are KVM's, and
 * where the vCPUs' kvm_run pages are. It knows nothing of records.
 *
 * The tables are written behind the tracer's own copies, in stops, before the
 * thread whose call made the change goes on. They are in shared memory, so that
 * writing them can't fail, whatever the process does about its own.
 */
#ifndef CAPTURE_INPROCESS_AGENT_H
#define CAPTURE_INPROCESS_AGENT_H

#include <stdbool.h>

#include "capture/capture.h"
#include "capture/inprocess/area.h"
#include "capture/inprocess/patch.h"
#include "capture/inprocess/ring.h"
#include "capture/tracee.h"

/* A thread's ring; the thread is that which has it in its `ring`. */
struct thread_ring {
	struct ring ring;
	struct agent *agent;
	struct thread *thread;
	struct thread_ring *next;	/* of all, for draining */
	int slot;
	int place;		/* in the agent's table of threads */
	uint64_t fs;
};

#define SHARED_FS_MAX 16

struct agent {
	pid_t pid;
	const struct file_table *files;	/* whose numbers the table has */
	struct area *area;
	int index;			/* of its tables in the area */
	struct agent_tables *tables;	/* written only: they are shared */
	struct patches *patches;
	unsigned int pauses;		/* calls under way that change tables */
	uint32_t stack_bytes;		/* that the agent copies */
	/* Bases that several threads have: which one calls can't be told. */
	uint64_t shared_fs[SHARED_FS_MAX];
	unsigned int shared_count;
	bool has_many_shared;		/* more than could be kept: all are */
	uint64_t files_seen, space_seen;	/* changes that the table has */
	struct agent_thread threads[AGENT_THREADS];
	struct agent_fd fds[AGENT_FDS];
};

/*
 * For a process that has the code, the private page and the area, with tables
 * that it is told about: takes over the area and the patches. 0; then the
 * agent may be used as soon as a thread has a ring. -ENOSPC: the area has no
 * tables left; or what writing to the process said. It keeps nothing then.
 */
int agent_new(const struct process *process, pid_t tid, struct area *area,
	      struct patches *patches, const struct agent_request *requests,
	      struct agent **ret_agent);

/* What fork made of it: `process` is stopped before its first instruction. */
struct agent *agent_fork(const struct agent *agent,
			 const struct process *process,
			 const struct agent_request *requests);
void agent_free(struct agent *agent);

/*
 * Give the thread, which is stopped, a ring. NULL when it can't have one;
 * *ret_why tells.
 */
struct thread_ring *agent_add_thread(struct agent *agent,
				     struct thread *thread,
				     const char **ret_why);
/* The ring is read to its end. */
void agent_remove_thread(struct thread_ring *ring);

/* This fs base is that of several threads from now on. */
void agent_share_fs(struct agent *agent, uint64_t fs);

/* So much of the stack is to be copied from now on, if it was less. */
void agent_want_stack(struct agent *agent, uint64_t bytes);

/* All calls to the tracer, until as many have ended. */
void agent_pause(struct agent *agent);
void agent_resume(struct agent *agent);

/*
 * Write the descriptors' table as the process's descriptors and mappings are
 * now; `oracle` tells which vCPUs are due for a look. Cheap when nothing has
 * changed, unless `looks` says that looks may have.
 */
void agent_update_fds(struct agent *agent, const struct process *process,
		      const struct call_oracle *oracle, bool looks);

/* Read the fs base of a stopped thread. 0 or -errno. */
int agent_read_fs(pid_t tid, uint64_t *ret_fs);

#endif
