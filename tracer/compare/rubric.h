/*
 * A rubric (SPEC 9, schemas/rubric.schema.json): what a submission's traces
 * are held against. Loading makes sure that grading can't fail because of the
 * rubric: names of calls and exits exist, expressions compile, references are
 * there. Whether the document keeps its schema is checked before, elsewhere.
 *
 * The strings are those of the document, of which the rubric has a reference.
 */
#ifndef COMPARE_RUBRIC_H
#define COMPARE_RUBRIC_H

#include <jansson.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct expressions;

#define RUBRIC_FORMAT "kvmtrace-rubric/1"
/* In place of an expression's number: there is none. */
#define RUBRIC_NO_EXPRESSION ((size_t)-1)

enum matcher_kind {
	MATCH_CALL,
	MATCH_EXIT,
	MATCH_TYPE,
};

/* Which events count. */
struct matcher {
	enum matcher_kind kind;
	const char *name;
	const char *where_text;	/* NULL: every one */
	char *where_shown;	/* with the variables' values; the matcher's */
	size_t where;		/* the expression's number */
	bool is_refused;	/* "ok":false: calls that failed */
};

enum test {
	TEST_COUNT,		/* call, exit, type, never */
	TEST_ORDER,
	TEST_CONSOLE,
	TEST_EXIT_STATUS,
	TEST_LIKE,
	TEST_JQ,
};

struct check {
	const char *id, *title;
	const char *number, *hint, *visibility;	/* NULL: not given */
	size_t run;		/* of the rubric's */
	double points;
	bool is_partial;
	enum test test;
	struct matcher *matchers;	/* TEST_COUNT: one */
	size_t matcher_count;
	uint64_t min, max;	/* TEST_COUNT; UINT64_MAX: any number */
	const char *text;	/* TEST_CONSOLE: the text or the expression */
	bool is_regex;
	regex_t regex;
	int exit_status;
	char *reference;	/* TEST_LIKE: the path */
	const char *jq_text;	/* TEST_JQ */
	size_t jq;
};

/* How the program is run to make the trace; a rubric without has one, "". */
struct rubric_run {
	const char *id;
	const json_t *document;	/* argv, input, timeout, inject; or NULL */
};

struct rubric {
	json_t *document;
	const char *title;
	struct rubric_run *runs;
	size_t run_count;
	struct check *checks;
	size_t check_count;
	struct expressions *expressions;
};

/* `pointer` (RFC 6901) is the place in the document. */
typedef void rubric_problem_fn(void *context, const char *pointer,
			       const char *reason);

/*
 * The value of a variable, as -D NAME=VALUE gives it: of the type that the
 * rubric's own value has; a number may be written 0x… too. 0, -ENOENT when
 * the rubric has no such variable, -EINVAL when the value has another type.
 */
int rubric_set_variable(json_t *document, const char *name, const char *value);

/*
 * From a document that keeps the schema. References of `like` are looked for
 * in `folder`. NULL after every problem has been told.
 */
struct rubric *rubric_new(json_t *document, const char *folder,
			  rubric_problem_fn *problem, void *context);
void rubric_free(struct rubric *rubric);

#endif
