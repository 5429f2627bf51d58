/*
 * Which event of one trace goes with which of the other: stream by stream,
 * equal events first, then those that were moved, then calls of the same kind
 * whose values differ. What is left over is missing, or extra.
 */
#ifndef COMPARE_PAIRING_H
#define COMPARE_PAIRING_H

#include "compare/trace_index.h"

/* The events of a trace by streams, in each of them in the trace's order. */
struct streams {
	uint32_t *order;	/* indices of events */
	uint32_t *begins;	/* of each stream in `order`; one more at the end */
	uint32_t count;
};

/*
 * Where a thread drives one vCPU and no other thread does, all that it calls
 * is one stream: its order is the program's. (Threads that drive several
 * vCPUs may take turns as the clock says.)
 */
void streams_merge(struct trace_index *expected, struct trace_index *actual,
		   uint32_t stream_count);

/* Without the events that are ignored. With `is_global`, all that isn't
 * derived is one stream. */
void streams_sort(struct streams *streams, struct trace_index *index,
		  uint32_t stream_count, bool is_global);
void streams_free(struct streams *streams);

/* Sets `match` and `pairing` of the events of both. */
void pairing_find(struct trace_index *expected, struct trace_index *actual,
		  const struct streams *a, const struct streams *b);

#endif
