/*
 * Events of a trace whose values are wanted, and where to keep them: the trace
 * is read again for all of them at once.
 */
#ifndef COMPARE_WANTS_H
#define COMPARE_WANTS_H

#include "compare/kept.h"
#include "compare/trace_index.h"

/* For the values of all events; of those beyond nothing is kept. */
#define WANTS_BYTES_MAX (48u << 20)

struct wants {
	struct buffer list;	/* struct want */
	uint32_t *events;	/* each once, rising */
	size_t *begins;		/* in the list, of each of `events` */
	size_t event_count;
	size_t current;		/* index in `events` */
	size_t bytes;		/* kept so far */
};

/* The event's values are to be kept in `to`. INDEX_NONE is no event. */
void wants_add(struct wants *wants, uint32_t event, struct kept *to);
/* As trace_index_visit(). */
int wants_read(struct wants *wants, struct trace_index *index,
	       struct buffer *error);
void wants_free(struct wants *wants);

#endif
