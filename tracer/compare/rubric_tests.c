/* Loading a check's test; each kind of test is a row of `tests`. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/abi.h"
#include "base/buffer.h"
#include "base/log.h"
#include "compare/rubric_internal.h"

/* Matchers */

/* A name that no line can have would cost every submission the points. */
static void check_call(struct loading *loading, const char *pointer,
		       const char *name)
{
	struct nearest nearest = nearest_to(name);

	/* Other system calls have no table. */
	if (strncmp(name, "KVM_", 4))
		return;
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		if (!strcmp(abi_ioctls[i].name, name))
			return;
		nearest_offer(&nearest, abi_ioctls[i].name);
	}
	rubric_tell_name(loading, pointer, "there is no ioctl", name, &nearest);
}

static void check_exit(struct loading *loading, const char *pointer,
		       const char *name)
{
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; i < abi_exit_count; i++) {
		if (!strcmp(abi_exits[i].name, name))
			return;
		nearest_offer(&nearest, abi_exits[i].name);
	}
	rubric_tell_name(loading, pointer, "there is no exit", name, &nearest);
}

static const struct {
	const char *key;
	enum matcher_kind kind;
	void (*check)(struct loading *loading, const char *pointer,
		      const char *name);
} matcher_keys[] = {
	{ "call", MATCH_CALL, check_call },
	{ "exit", MATCH_EXIT, check_exit },
	{ "type", MATCH_TYPE, NULL },
};

/* "$PORT" as "233": a student doesn't see the rubric. */
static char *show_where(const json_t *vars, const char *where)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	struct buffer shown = BUFFER_EMPTY;

	while (*where) {
		size_t length = *where == '$' ? strspn(where + 1, letters) : 0;
		char *name = strndup(where + 1, length);
		const json_t *value =
			name && length ? json_object_get(vars, name) : NULL;
		char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

		if (text)
			buffer_add_string(&shown, text);
		else
			buffer_add(&shown, where, length + 1);
		where += length + 1;
		free(text);
		free(name);
	}
	buffer_string(&shown);
	return shown.data;
}

static void load_matcher(struct loading *loading, const char *pointer,
			 const json_t *from, struct matcher *matcher)
{
	struct buffer place = BUFFER_EMPTY;

	matcher->is_refused = json_is_false(json_object_get(from, "ok"));
	matcher->where_text = rubric_get_string(from, "where");
	matcher->where = RUBRIC_NO_EXPRESSION;
	if (matcher->where_text)
		matcher->where_shown = show_where(
			json_object_get(loading->rubric->document, "vars"),
			matcher->where_text);
	for (size_t i = 0; i < sizeof(matcher_keys) / sizeof(matcher_keys[0]);
	     i++) {
		const char *name = rubric_get_string(from, matcher_keys[i].key);

		if (!name)
			continue;
		matcher->kind = matcher_keys[i].kind;
		matcher->name = name;
		buffer_add_format(&place, "%s/%s", pointer,
				  matcher_keys[i].key);
		if (matcher_keys[i].check)
			matcher_keys[i].check(loading, buffer_string(&place),
					      name);
	}
	buffer_reset(&place);
	buffer_add_format(&place, "%s/where", pointer);
	if (matcher->where_text)
		matcher->where = rubric_add_expression(
			loading, buffer_string(&place), matcher->where_text);
	buffer_free(&place);
}

static void make_matchers(struct check *check, size_t count)
{
	check->matchers = rubric_allocate(count, sizeof(check->matchers[0]));
	check->matcher_count = count;
}

/* Tests: each knows its key, which is the last step of the pointer. */

static void load_limits(struct loading *loading, const char *pointer,
			const json_t *count, struct check *check)
{
	const json_t *min = json_object_get(count, "min");
	const json_t *max = json_object_get(count, "max");
	struct buffer place = BUFFER_EMPTY;

	check->min = !count;
	check->max = UINT64_MAX;
	if (json_is_number(count))
		min = max = count;
	if (min)
		check->min = (uint64_t)json_number_value(min);
	if (max)
		check->max = (uint64_t)json_number_value(max);
	buffer_add_format(&place, "%s/count", pointer);
	if (check->min > check->max)
		rubric_tell(loading, buffer_string(&place), "min is above max");
	buffer_free(&place);
}

/* The matcher's keys are the check's own. */
static void load_count(struct loading *loading, const char *pointer,
		       const json_t *from, struct check *check)
{
	const char *end = strrchr(pointer, '/');
	char *place = strndup(pointer, (size_t)(end - pointer));

	if (!place)
		log_die("out of memory: a place");
	make_matchers(check, 1);
	load_matcher(loading, place, from, check->matchers);
	load_limits(loading, place, json_object_get(from, "count"), check);
	free(place);
}

static void load_never(struct loading *loading, const char *pointer,
		       const json_t *from, struct check *check)
{
	make_matchers(check, 1);
	load_matcher(loading, pointer, json_object_get(from, "never"),
		     check->matchers);
}

static void load_order(struct loading *loading, const char *pointer,
		       const json_t *from, struct check *check)
{
	const json_t *order = json_object_get(from, "order");

	make_matchers(check, json_array_size(order));
	for (size_t i = 0; i < check->matcher_count; i++) {
		struct buffer place = BUFFER_EMPTY;

		buffer_add_format(&place, "%s/%zu", pointer, i);
		load_matcher(loading, buffer_string(&place),
			     json_array_get(order, i), &check->matchers[i]);
		buffer_free(&place);
	}
}

static void load_console(struct loading *loading, const char *pointer,
			 const json_t *from, struct check *check)
{
	const json_t *console = json_object_get(from, "console");
	const char *regex = rubric_get_string(console, "regex");
	char reason[256] = "not an extended regular expression: ";
	size_t length = strlen(reason);
	int error;

	check->text = regex ? regex : json_string_value(console);
	if (!regex)
		return;
	error = regcomp(&check->regex, regex, REG_EXTENDED | REG_NEWLINE);
	check->is_regex = !error;
	if (!error)
		return;
	regerror(error, &check->regex, reason + length,
		 sizeof(reason) - length);
	rubric_tell(loading, pointer, reason);
}

static void load_exit_status(struct loading *loading, const char *pointer,
			     const json_t *from, struct check *check)
{
	(void)loading;
	(void)pointer;
	check->exit_status =
		(int)json_number_value(json_object_get(from, "exit_status"));
}

static void load_like(struct loading *loading, const char *pointer,
		      const json_t *from, struct check *check)
{
	const char *path = rubric_get_string(from, "like");
	struct buffer whole = BUFFER_EMPTY;

	if (*path != '/')
		buffer_add_format(&whole, "%s/", loading->folder);
	buffer_add_string(&whole, path);
	check->reference = strdup(buffer_string(&whole));
	buffer_free(&whole);
	if (!check->reference)
		log_die("out of memory: a path");
	if (access(check->reference, R_OK))
		rubric_tell_name(loading, pointer, "cannot read the reference",
				 path, NULL);
}

static void load_jq(struct loading *loading, const char *pointer,
		    const json_t *from, struct check *check)
{
	check->jq_text = rubric_get_string(from, "jq");
	check->jq = rubric_add_expression(loading, pointer, check->jq_text);
}

/* By the key that a check has; `shares`: points for a part, unless told not
 * to. */
static const struct {
	const char *key;
	enum test test;
	bool shares;
	void (*load)(struct loading *loading, const char *pointer,
		     const json_t *from, struct check *check);
} tests[] = {
	{ "call", TEST_COUNT, false, load_count },
	{ "exit", TEST_COUNT, false, load_count },
	{ "type", TEST_COUNT, false, load_count },
	{ "never", TEST_COUNT, false, load_never },
	{ "order", TEST_ORDER, false, load_order },
	{ "console", TEST_CONSOLE, false, load_console },
	{ "exit_status", TEST_EXIT_STATUS, false, load_exit_status },
	{ "like", TEST_LIKE, true, load_like },
	{ "jq", TEST_JQ, true, load_jq },
};

void rubric_load_test(struct loading *loading, const char *pointer,
		      const json_t *from, struct check *check)
{
	const json_t *partial = json_object_get(from, "partial");

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct buffer place = BUFFER_EMPTY;

		if (!json_object_get(from, tests[i].key))
			continue;
		check->test = tests[i].test;
		check->is_partial = partial ? json_is_true(partial)
					    : tests[i].shares;
		buffer_add_format(&place, "%s/%s", pointer, tests[i].key);
		tests[i].load(loading, buffer_string(&place), from, check);
		buffer_free(&place);
	}
}
