/*
 * A comparison for people, and for programs (schemas/diff.schema.json). Both
 * are the same bytes for the same traces.
 */
#ifndef COMPARE_DIFF_OUTPUT_H
#define COMPARE_DIFF_OUTPUT_H

#include "compare/compare.h"

/* The verdict on the first line, then a line for each difference. */
void diff_write_text(struct buffer *out, const struct comparison *comparison);
void diff_write_json(struct buffer *out, const struct comparison *comparison);

#endif
