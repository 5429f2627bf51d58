/*
 * What lanes.c (from events to slices) and lanes_find.c (whose lane is which)
 * share. Nothing else includes this.
 */
#ifndef SINK_LANES_INTERNAL_H
#define SINK_LANES_INTERNAL_H

#include "sink/lanes.h"

#define NAME_MAX_BYTES 80
/* What a thread's user slices are called when nothing is known of them. */
#define PROGRAM "program"

struct process {
	struct lane_process head;
	struct thread *open;	/* its threads that may be in user space */
};

struct thread {
	struct process *process;
	struct thread *next;	/* in the list of the process */
	bool is_listed;
	struct lane *user, *kernel;	/* NULL: not told yet */
	json_int_t tid;
	bool is_in_user;
	uint64_t since_ns;	/* where its next slice may begin */
	uint64_t begin_ns, duration_ns;	/* of its last call */
	uint64_t arrow;		/* that leads to the user slice; 0: none */
	char name[NAME_MAX_BYTES];	/* of the user slice */
};

struct lanes {
	struct lane_writer *writer;
	bool has_flow;
	json_t *argv;		/* of the first process */
	json_t *places;		/* "p1", "t1/2", "v1/2/0/0": where in arrays */
	struct buffer processes, threads, vcpus;	/* of pointers */
	uint64_t lane_count, arrow_count;
	uint64_t last_ns;	/* the latest moment of the trace so far */
	struct buffer name;
};

struct thread *lanes_find_thread(struct lanes *lanes, const json_t *event);
/* A lane of the thread's own, told when it is first needed. */
struct lane *lanes_find_lane(struct lanes *lanes, struct thread *thread,
			     enum lane_kind kind);
/* Where the thread is in this call: in a vCPU, or in the kernel. */
struct lane *lanes_find_call_lane(struct lanes *lanes, struct thread *thread,
				  const json_t *event);

size_t lanes_count_processes(const struct lanes *lanes);
struct process *lanes_get_process(const struct lanes *lanes, size_t i);
void lanes_free(struct lanes *lanes);

#endif
