/*
 * The jq expressions of a rubric, evaluated by libjq. All of them are compiled
 * as one program, because jq 1.6 takes 30 ms to compile any, for its builtins.
 * They see the trace and the rubric's variables and nothing else: no file, no
 * environment, no clock, so that the same trace always gives the same answer.
 *
 * Beside jq's own functions they have these: `calls` (of the events, the
 * ioctls that count: on KVM's descriptors, accepted by the kernel), `le`
 * ("00080000", bytes in memory order, as a number) and `hex` ("0x1f" as one).
 */
#ifndef COMPARE_EXPRESSIONS_H
#define COMPARE_EXPRESSIONS_H

#include <jansson.h>
#include <jv.h>
#include <stdbool.h>
#include <stddef.h>

struct expressions;

struct expressions *expressions_new(void);
void expressions_free(struct expressions *expressions);

/* Before compiling. The text is borrowed; its number, from 0. */
size_t expressions_add(struct expressions *expressions, const char *text);

/* `reason` is one line; which expression it is about. */
typedef void expressions_problem_fn(void *context, size_t number,
				    const char *reason);

/* Once. `vars` is an object, or NULL. 0, or -EINVAL after telling why. */
int expressions_compile(struct expressions *expressions, const json_t *vars,
			expressions_problem_fn *problem, void *context);

/*
 * The first value that an expression gives for the input, which is consumed.
 * 1, 0 when it gives none, or -EINVAL when it fails: expressions_error() is
 * why, and may quote the input.
 */
int expressions_run(struct expressions *expressions, size_t number, jv input,
		    jv *ret_value);
const char *expressions_error(struct expressions *expressions);

/* Neither null nor false, as jq's own select() sees it. */
bool expressions_is_true(jv value);

/* A document of jansson's as one of jq's; the caller's. */
jv expressions_new_value(const json_t *value);

#endif
