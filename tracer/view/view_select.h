/*
 * --only and --skip on recorded events: the same choice that the tracer makes
 * of records (selection.h), made of what an event says; and the numbers of
 * lines that were kept.
 */
#ifndef VIEW_SELECT_H
#define VIEW_SELECT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "selection.h"

/* Of one pass over a trace. Zeroed it is the begin of one. */
struct view_numbers {
	struct buffer places;	/* by old seq: the new one, uint64_t */
	uint64_t next;
};

bool view_select_is_given(const struct selection *selection);
/* trace_start and trace_end are always wanted. */
bool view_select_wants(const struct selection *selection,
		       const json_t *event);

/*
 * The next line of the trace, which counts from 0, is kept or not; a kept
 * event gets its new seq, and what it says of other lines theirs. References
 * to lines that weren't kept go.
 */
void view_numbers_take(struct view_numbers *numbers, json_t *event,
		       bool is_kept);
void view_numbers_done(struct view_numbers *numbers);

#endif
