/*
 * A trace as a timeline viewer shows it: flat lanes of slices that never
 * overlap, and arrows between them. A thread is at any moment in one of its
 * lanes:
 *
 *	user space	between its calls; the slice after a KVM_RUN is named
 *			after the exit that the program handles then
 *	kernel		in a call on a KVM descriptor
 *	a vCPU		in KVM_RUN. A tracer can't tell the guest's time from
 *			the kernel's there, and the lane's name says so
 *
 * An arrow leads from each slice to the next one of the thread. Nothing is
 * known of a thread before its first event, and of its end only that of its
 * process, to which its last slice goes on. Slices' names are the same for
 * the same thing, so that viewers give it one colour; what else there is to
 * say is in the arguments.
 *
 * Events may come from anywhere: a slice that would begin before its lane's
 * last one ended is cut, and its own times stand among the arguments.
 */
#ifndef SINK_LANES_H
#define SINK_LANES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

enum lane_kind {
	LANE_USER,
	LANE_KERNEL,
	LANE_VCPU,
};

struct lane {
	enum lane_kind kind;
	json_int_t pid, tid;
	uint64_t id;		/* from 1, in order of appearance */
	char name[128];
};

struct lane_process {
	json_int_t pid;
	uint64_t id;		/* from 1 */
	const json_t *argv;	/* array; NULL: unknown */
};

/* From begin to end; arrows by number, 0: none. */
struct lane_slice {
	const struct lane *lane;
	const struct lane_process *process;
	const char *name, *category;
	uint64_t begin_ns, end_ns;
	uint64_t arrow_in, arrow_out;
	const json_t *arguments;	/* object; NULL: none */
};

/*
 * A format. A process and a lane are told once before their first slice. A
 * slice whose begin equals its end is an instant when `is_instant`.
 */
struct lane_writer {
	void (*start)(struct lane_writer *writer, const json_t *trace_start);
	void (*process)(struct lane_writer *writer,
			const struct lane_process *process);
	void (*lane)(struct lane_writer *writer, const struct lane *lane,
		     const struct lane_process *process);
	void (*slice)(struct lane_writer *writer,
		      const struct lane_slice *slice, bool is_instant);
	/* Write what the format needs at its end, and release the writer. */
	void (*finish)(struct lane_writer *writer);
};

/* Each appends to `out`, which is the caller's to empty between events. */
struct lane_writer *perfetto_writer_new(struct buffer *out);
struct lane_writer *chrome_writer_new(struct buffer *out);

struct lanes;

/* Takes over the writer. `has_flow`: the six steps are among the arguments. */
struct lanes *lanes_new(struct lane_writer *writer, bool has_flow);
void lanes_event(struct lanes *lanes, const json_t *event);
/* Close what is open, and finish the writer. */
void lanes_finish(struct lanes *lanes);

#endif
