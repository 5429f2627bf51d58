/*
 * From findings to differences in words: reads the values of the events that
 * they are about, and leaves out what follows from others: a guest view, a
 * note or a console line that differs because a call did, and the same values
 * shown again by a later call.
 */
#ifndef COMPARE_TELLING_H
#define COMPARE_TELLING_H

#include "compare/findings.h"

/* Fills the comparison's differences and their totals. 0 or -errno, with the
 * sentence in comparison->error. */
int telling_tell(struct comparison *comparison, struct findings *findings,
		 struct trace_index *expected, struct trace_index *actual);

#endif
