/*
 * Holds the traces of one submission against a rubric. A trace is read once,
 * line by line; only `jq` needs all of its events at once. Traces are hostile:
 * every key may be missing or of another type, and what is quoted of them in a
 * reason is printable ASCII.
 *
 * The result is a document, so that it can come from another process:
 *	{"submission", "graded", "score", "max_score", "error"?, "limits"?, "notes"?,
 *	 "checks":[{"id", "title", "number"?, "run"?, "points", "score",
 *		    "passed", "reason"?, "evidence"?, "hint"?, "visibility"?}]}
 * `graded` is false when a trace could not be read whole; its checks have
 * lost their points, and `error` says why.
 */
#ifndef COMPARE_GRADE_H
#define COMPARE_GRADE_H

#include "compare/rubric.h"

/* What may have cut a run short. */
enum grade_limit {
	LIMIT_TIMEOUT,
	LIMIT_EVENTS,
	LIMIT_TASKS,
	LIMIT_OUTPUT,
	LIMIT_FILE,
	GRADE_LIMITS,
};

/* One trace for each of the rubric's runs, in their order; "-" is standard
 * input. Names are for people. A path NULL: there is none, `problems` says
 * why. `limits`: for each run the bits 1 << enum grade_limit that it met and
 * its trace doesn't tell; NULL: none. All borrowed. */
struct submission {
	const char *name;
	char *const *paths;
	char *const *problems;
	const unsigned int *limits;
};

/* The result; the caller's. */
json_t *grade_submission(const struct rubric *rubric,
			 const struct submission *submission);

/* The result of a submission that got none, because of `error`. */
json_t *grade_refuse(const struct rubric *rubric, const char *name,
		     const char *error);

#endif
