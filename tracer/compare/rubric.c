#include "compare/rubric.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "compare/expressions.h"

static json_t *parse_number(const char *text)
{
	char *end;
	double real;
	long long integer;

	/* strtod() would skip blanks and take "nan" and "inf". */
	if (!isdigit((unsigned char)*text) && !strchr("-.", *text))
		return NULL;
	errno = 0;
	integer = strtoll(text, &end, strncmp(text, "0x", 2) ? 10 : 16);
	if (end != text && !*end && !errno)
		return json_integer(integer);
	real = strtod(text, &end);
	return end != text && !*end && isfinite(real) ? json_real(real) : NULL;
}

static json_t *parse_value(const json_t *like, const char *text)
{
	if (json_is_string(like))
		return json_string(text);
	if (json_is_number(like))
		return parse_number(text);
	if (!strcmp(text, "true") || !strcmp(text, "false"))
		return json_boolean(*text == 't');
	return NULL;
}

int rubric_set_variable(json_t *document, const char *name, const char *value)
{
	json_t *vars = json_object_get(document, "vars");
	const json_t *before = json_object_get(vars, name);
	json_t *parsed;

	if (!before)
		return -ENOENT;
	parsed = parse_value(before, value);
	return !parsed || json_object_set_new(vars, name, parsed) ? -EINVAL
								   : 0;
}

static void free_check(struct check *check)
{
	if (check->is_regex)
		regfree(&check->regex);
	for (size_t i = 0; i < check->matcher_count; i++)
		free(check->matchers[i].where_shown);
	free(check->matchers);
	free(check->reference);
}

void rubric_free(struct rubric *rubric)
{
	if (!rubric)
		return;
	for (size_t i = 0; i < rubric->check_count; i++)
		free_check(&rubric->checks[i]);
	free(rubric->checks);
	free(rubric->runs);
	expressions_free(rubric->expressions);
	json_decref(rubric->document);
	free(rubric);
}
