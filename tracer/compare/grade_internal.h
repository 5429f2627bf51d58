/*
 * What the tests of a rubric share. Each kind of test is a struct test_kind:
 * it begins, sees every event of its run, and gives its verdict at the end.
 * What it keeps meanwhile is its own `state`.
 */
#ifndef COMPARE_GRADE_INTERNAL_H
#define COMPARE_GRADE_INTERNAL_H

#include <jv.h>

#include "base/buffer.h"
#include "compare/grade.h"

/* One event, and its form for jq, made when it is first asked for. */
struct sight {
	const json_t *event;
	const char *type;
	uint64_t seq;
	bool has_value;
	jv value;
};

/* Borrowed from the sight; jv_copy() to keep or to pass on. */
jv sight_value(struct sight *sight);

/* How the trace ended. */
struct ending {
	const char *path;	/* NULL: it wasn't read whole */
	uint64_t seq;		/* of trace_end */
	const json_t *status;
	bool is_truncated;	/* --max-events: some events are not there */
};

struct verdict {
	double share;		/* of the points, 0 to 1 */
	struct buffer reason;	/* why not all of them */
	json_t *evidence;	/* an array of seq */
	bool is_unread;		/* the trace wasn't read whole: no test of it */
};

struct testing {
	const struct rubric *rubric;
	const struct check *check;
	void *state;
};

struct test_kind {
	void (*begin)(struct testing *testing);
	void (*see)(struct testing *testing, struct sight *sight);
	void (*finish)(struct testing *testing, const struct ending *ending,
		       struct verdict *verdict);
};

extern const struct test_kind grade_count, grade_order, grade_console,
	grade_exit_status, grade_like, grade_jq;

/* Adds to "limits" and "notes" what the trace tells, and those in `met`. */
void grade_note_limits(json_t *result, const char *run,
		       const struct ending *ending, unsigned int met);
/* Did the tracer end the program, so that its status isn't its own? */
bool grade_was_ended(const struct ending *ending);

/* Zeroed memory for a state; finish() frees it. */
void *grade_allocate(size_t count, size_t size);
void grade_cite(struct verdict *verdict, uint64_t seq);

/* Text of a trace, of any kind: JSON, ASCII, cut when long. */
void grade_add_json(struct buffer *out, const json_t *value);
/* A string as it is where it is printable ASCII, otherwise as JSON. */
void grade_add_word(struct buffer *out, const json_t *value);

/* How much of a matcher an event fits; more is nearer. */
enum fit {
	FIT_NOT,		/* another name */
	FIT_ELSEWHERE,		/* not on a descriptor of KVM's */
	FIT_OUTCOME,		/* failed, or did not where it should */
	FIT_FIELDS,		/* `where` is not true */
	FIT_BROKEN,		/* … fails: expressions_error() is why */
	FIT_WHOLE,
};

enum fit matcher_fit(const struct matcher *matcher,
		     struct expressions *expressions, struct sight *sight);

/* "KVM_CREATE_VM with .in.x == 1" */
void matcher_describe(struct buffer *out, const struct matcher *matcher);

/* " in.x is 1 and …": what the event has where the matcher looks. */
void matcher_add_fields(struct buffer *out, const struct matcher *matcher,
			const json_t *event);

/* The events that came nearest to a matcher without fitting it. */
struct misses {
	enum fit fit;
	uint64_t count;
	uint64_t seq;		/* of the first */
	struct buffer text;	/* of the first few */
};

void misses_add(struct misses *misses, const struct matcher *matcher,
		enum fit fit, const struct sight *sight);
/* "; at seq 5 in.memory_size is …", or nothing. Frees them. */
void misses_finish(struct misses *misses, struct verdict *verdict);

#endif
