/*
 * How the results of grading (grade.h) are printed, one file a format. The
 * same results give the same bytes: no time, no host. Reasons are printable
 * ASCII already; titles, hints and names are made safe here, by the rules of
 * each format.
 */
#ifndef COMPARE_RESULT_H
#define COMPARE_RESULT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"

/* `results`: an array of grade.h's documents, all of one rubric. */
typedef void result_print_fn(struct buffer *out, const char *title,
			     const json_t *results);

struct result_format {
	const char *name;
	result_print_fn *print;
};

/* NULL: there is no such format. */
const struct result_format *result_find_format(const char *name);
/* The format of number `index` for a list; NULL behind the last. */
const struct result_format *result_format_at(size_t index);

result_print_fn result_print_text, result_print_json,
	result_print_gradescope, result_print_junit, result_print_tap;

/* What the formats share. */

const char *result_string(const json_t *object, const char *key);
bool result_is_true(const json_t *object, const char *key);

/* Points, without a fraction where there is none; "0" when it isn't there. */
void result_add_number(struct buffer *out, const json_t *object,
		       const char *key);
/* For a terminal: control characters become '?'. */
void result_add_safe(struct buffer *out, const char *text);
/* JSON in ASCII; `indent` 0: on one line. */
void result_add_json(struct buffer *out, const json_t *value, size_t indent);

#endif
