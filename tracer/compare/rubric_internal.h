/* What the files that load a rubric share: rubric_load.c, rubric_tests.c. */
#ifndef COMPARE_RUBRIC_INTERNAL_H
#define COMPARE_RUBRIC_INTERNAL_H

#include "base/nearest.h"
#include "compare/rubric.h"

struct loading {
	struct rubric *rubric;
	const char *folder;
	rubric_problem_fn *problem;
	void *context;
	size_t problems;
	/* Where each expression stands, by its number. */
	char **places;
	size_t place_count;
};

/* Zeroed; aborts when there is none. */
void *rubric_allocate(size_t count, size_t size);
void rubric_tell(struct loading *loading, const char *pointer,
		 const char *reason);
/* "REASON 'NAME'", and what may have been meant, unless `nearest` is NULL. */
void rubric_tell_name(struct loading *loading, const char *pointer,
		      const char *reason, const char *name,
		      const struct nearest *nearest);
/* NULL when there is no string of that key. */
const char *rubric_get_string(const json_t *object, const char *key);
size_t rubric_add_expression(struct loading *loading, const char *pointer,
			     const char *text);

/* The one test of the check `from`, which stands at `pointer`. */
void rubric_load_test(struct loading *loading, const char *pointer,
		      const json_t *from, struct check *check);

#endif
