/*
 * Counts and times of a trace: by ioctl, exit, port, MMIO page, vCPU and
 * thread. Made from the events alone, of a recorded trace or of a live one
 * (statistics_sink_new()); missing keys and wrong types count as nothing.
 *
 * A call's time is its dur_ns. Of a thread that runs vCPUs the time from
 * the begin of its first KVM_RUN to the end of its last is divided in three:
 * in KVM_RUN (guest and kernel, which a tracer can't tell apart); in its other
 * calls on KVM's descriptors; and the rest, which is user space and calls that
 * aren't traced. The tracer's own work is in all three.
 */
#ifndef SINK_STATISTICS_H
#define SINK_STATISTICS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "sink/distribution.h"
#include "sink/output.h"

enum statistics_table {
	STATISTICS_IOCTLS,
	STATISTICS_EXITS,
	STATISTICS_PORTS,
	STATISTICS_MMIO,
	STATISTICS_VCPUS,
	STATISTICS_THREADS,
	STATISTICS_TABLES,
};

struct statistics_row {
	char *name;		/* what the row counts */
	/* Of a port: its number. Of a page: its address. */
	uint64_t place;
	bool is_write;		/* of a port or a page: the guest writes */
	json_int_t ids[2];	/* vm and vcpu, or pid and tid */
	bool has_vm;		/* it is known: the vCPU was made here */
	uint64_t count, errors;
	uint64_t bytes;		/* that ports and MMIO transferred */
	uint64_t total_ns;	/* of the calls; of a thread, in KVM_RUN */
	struct distribution times;	/* of ioctls */
	/* of threads */
	uint64_t begin_ns, end_ns, other_ns;
	uint64_t pending_ns;	/* calls since the last KVM_RUN */
	uint64_t call_ns;	/* when its last call began */
};

struct statistics {
	struct buffer rows[STATISTICS_TABLES];	/* of statistics_row pointers */
	json_t *places;		/* table and name -> place in its rows */
	uint64_t events, calls, errors, total_ns;
	uint64_t exits;
	uint64_t end_ns;	/* the latest moment of the trace */
	bool is_complete;	/* trace_end came */
};

struct statistics *statistics_new(void);
void statistics_event(struct statistics *statistics, const json_t *event);
void statistics_free(struct statistics *statistics);

size_t statistics_count(const struct statistics *statistics,
			enum statistics_table table);
struct statistics_row *statistics_get(const struct statistics *statistics,
				      enum statistics_table table, size_t i);
/* Each table by time, the longest first; then by count, then by name. */
void statistics_sort(struct statistics *statistics);
/* The time of a thread that is in neither kind of call. */
uint64_t statistics_user_ns(const struct statistics_row *thread);

/* The forms of output; of sorted statistics. */
void statistics_add_text(struct buffer *out, struct statistics *statistics,
			 bool has_colour);
void statistics_add_json(struct buffer *out, struct statistics *statistics);
void statistics_add_csv(struct buffer *out, struct statistics *statistics);

/*
 * The text at the end of a live trace, on standard error. Lines go on to
 * `next`, which it takes over; NULL: nowhere.
 */
struct line_sink *statistics_sink_new(struct line_sink *next, bool has_colour);

#endif
