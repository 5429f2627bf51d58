/*
 * What `explain` says of a name, and that words are in it or not. A program
 * that includes it ends with free_answer as its group's teardown.
 */
#ifndef TESTS_UNIT_EXPLAINED_H
#define TESTS_UNIT_EXPLAINED_H

#include <string.h>

#include "explain/explain.h"
#include "problems.h"

/* What is said of a name; good until the next call. */
static struct buffer answer;

static inline const char *explain(const char *name)
{
	buffer_reset(&answer);
	explain_name(&answer, name);
	return buffer_string(&answer);
}

static inline void assert_says(const char *name, const char *words)
{
	const char *text = explain(name);

	if (!strstr(text, words))
		problem("%s: no '%s' in:\n%s", name, words, text);
}

static inline void assert_silent(const char *name, const char *words)
{
	if (strstr(explain(name), words))
		problem("%s: says '%s'", name, words);
}

static inline int free_answer(void **state)
{
	(void)state;
	buffer_free(&answer);
	return 0;
}

#endif
