/* Which events a rubric's matchers count, and what is said of near misses. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "compare/expressions.h"
#include "compare/grade_internal.h"

/* So much of a miss and of an expression is quoted. */
#define MISSES_SHOWN 3
#define PATHS_SHOWN 4
#define WHERE_SHOWN 120

jv sight_value(struct sight *sight)
{
	if (!sight->has_value)
		sight->value = expressions_new_value(sight->event);
	sight->has_value = true;
	return sight->value;
}

static bool is_string(const json_t *value, const char *text)
{
	return json_is_string(value) && !strcmp(json_string_value(value), text);
}

static bool is_call(const struct sight *sight)
{
	return !strcmp(sight->type, "ioctl") || !strcmp(sight->type, "syscall");
}

static bool has_name(const struct matcher *matcher, const struct sight *sight)
{
	const json_t *event = sight->event;

	switch (matcher->kind) {
	case MATCH_CALL:
		return is_call(sight) && is_string(
			json_object_get(event, "name"), matcher->name);
	case MATCH_EXIT:
		return is_call(sight) && is_string(json_object_get(
			json_object_get(event, "exit"), "reason"),
			matcher->name);
	case MATCH_TYPE:
		return !strcmp(sight->type, matcher->name);
	}
	return false;
}

/* An open of /dev/kvm that failed has made no descriptor to be on. */
static bool is_on_kvm(const struct sight *sight)
{
	const json_t *on = json_object_get(sight->event, "on");

	if (!on)
		return !strcmp(sight->type, "syscall");
	return json_is_string(on) && !is_string(on, "not_kvm");
}

static bool is_refused(const struct sight *sight)
{
	return json_object_get(sight->event, "errno");
}

/* The kernel itself took it: an injected result it has never seen. */
static bool is_accepted(const struct sight *sight)
{
	return !is_refused(sight) && json_object_get(sight->event, "ret") &&
	       !json_is_true(json_object_get(sight->event, "injected"));
}

static enum fit fit_where(const struct matcher *matcher,
			  struct expressions *expressions, struct sight *sight)
{
	bool is_true;
	jv value;
	int found;

	if (matcher->where == RUBRIC_NO_EXPRESSION)
		return FIT_WHOLE;
	found = expressions_run(expressions, matcher->where,
				jv_copy(sight_value(sight)), &value);
	if (found <= 0)
		return found ? FIT_BROKEN : FIT_FIELDS;
	is_true = expressions_is_true(value);
	jv_free(value);
	return is_true ? FIT_WHOLE : FIT_FIELDS;
}

enum fit matcher_fit(const struct matcher *matcher,
		     struct expressions *expressions, struct sight *sight)
{
	if (!has_name(matcher, sight))
		return FIT_NOT;
	if (is_call(sight)) {
		if (!is_on_kvm(sight))
			return FIT_ELSEWHERE;
		if (matcher->is_refused ? !is_refused(sight)
					: !is_accepted(sight))
			return FIT_OUTCOME;
	} else if (matcher->is_refused) {
		return FIT_OUTCOME;
	}
	return fit_where(matcher, expressions, sight);
}

/* Words */

static void add_cut(struct buffer *out, const char *text, size_t most)
{
	size_t length = strlen(text);

	buffer_add(out, text, length > most ? most : length);
	if (length > most)
		buffer_add_string(out, "...");
}

void matcher_describe(struct buffer *out, const struct matcher *matcher)
{
	if (matcher->kind == MATCH_TYPE)
		buffer_add_string(out, "line of type ");
	buffer_add_string(out, matcher->name);
	if (matcher->is_refused)
		buffer_add_string(out, " that fails");
	if (!matcher->where_text)
		return;
	buffer_add_string(out, " with ");
	add_cut(out, matcher->where_shown, WHERE_SHOWN);
}

/* The end of a path such as .in.entries[0].function that begins at `text`. */
static const char *find_path_end(const char *text)
{
	while (*text == '.' || *text == '[') {
		const char *end = text + 1;

		if (*text == '.' && (isalpha((unsigned char)*end) ||
				     *end == '_'))
			while (isalnum((unsigned char)*end) || *end == '_')
				end++;
		else if (*text == '[' && isdigit((unsigned char)*end))
			end += strspn(end, "0123456789");
		else
			break;
		if (*text == '[' && *end++ != ']')
			break;
		text = end;
	}
	return text;
}

/* The next path into the event that an expression mentions; NULL: no more. */
static const char *next_path(const char **text, size_t *ret_length)
{
	bool is_quoted = false;

	for (const char *c = *text; *c; c++) {
		const char *end = is_quoted || *c != '.' ? c : find_path_end(c);

		if (end > c) {
			*text = end;
			*ret_length = (size_t)(end - c);
			return c;
		}
		if (is_quoted && *c == '\\' && c[1])
			c++;
		else if (*c == '"')
			is_quoted = !is_quoted;
	}
	return NULL;
}

static const json_t *follow_path(const json_t *value, const char *path,
				 size_t length)
{
	char step[64];

	while (length && value) {
		size_t end = 1 + strcspn(path + 1, ".[");

		end = end > length ? length : end;
		if (end > sizeof(step))
			return NULL;
		memcpy(step, path + 1, end - 1);
		step[end - 1] = '\0';
		value = *path == '.' ? json_object_get(value, step) :
			json_array_get(value, strtoul(step, NULL, 10));
		path += end;
		length -= end;
	}
	return value;
}

/* Has the path been in the expression before `at`? */
static bool is_repeated(const char *where, const char *at, size_t length)
{
	size_t earlier_length;
	const char *earlier;

	while ((earlier = next_path(&where, &earlier_length)) && earlier < at)
		if (earlier_length == length && !memcmp(earlier, at, length))
			return true;
	return false;
}

void matcher_add_fields(struct buffer *out, const struct matcher *matcher,
			const json_t *event)
{
	const char *where = matcher->where_text ? matcher->where_text : "";
	size_t shown = 0, length;
	const char *path;

	while (shown < PATHS_SHOWN && (path = next_path(&where, &length))) {
		const json_t *value = follow_path(event, path, length);

		if (is_repeated(matcher->where_text, path, length))
			continue;
		buffer_add_string(out, shown++ ? " and " : " ");
		if (!value)
			buffer_add_string(out, "there is no ");
		buffer_add(out, path + 1, length - 1);
		if (!value)
			continue;
		buffer_add_string(out, " is ");
		grade_add_json(out, value);
	}
}

static void add_outcome(struct buffer *out, const json_t *event)
{
	const json_t *error = json_object_get(event, "errno");

	if (error) {
		buffer_add_string(out, " it failed with ");
		grade_add_word(out, error);
	} else if (json_object_get(event, "injected")) {
		buffer_add_string(out, " its result was injected");
	} else if (json_object_get(event, "ret")) {
		buffer_add_string(out, " it did not fail");
	} else {
		buffer_add_string(out, " it did not return");
	}
}

static void describe_miss(struct misses *misses, const struct matcher *matcher,
			  const struct sight *sight)
{
	struct buffer *out = &misses->text;
	size_t begin;

	buffer_add_format(out, "%sat seq %llu", misses->count > 1 ? ", " : "",
			  (unsigned long long)sight->seq);
	begin = out->length;
	if (misses->fit == FIT_ELSEWHERE)
		buffer_add_string(out, " it went to a descriptor that is not "
				  "KVM's");
	else if (misses->fit == FIT_OUTCOME)
		add_outcome(out, sight->event);
	else
		matcher_add_fields(out, matcher, sight->event);
	if (misses->fit == FIT_FIELDS && out->length == begin)
		buffer_add_string(out, " that is not so");
}

void misses_add(struct misses *misses, const struct matcher *matcher,
		enum fit fit, const struct sight *sight)
{
	if (fit == FIT_BROKEN)
		fit = FIT_FIELDS;
	if (fit == FIT_NOT || fit == FIT_WHOLE || fit < misses->fit)
		return;
	if (fit > misses->fit) {
		misses->fit = fit;
		misses->count = 0;
		misses->seq = sight->seq;
		buffer_reset(&misses->text);
	}
	if (misses->count++ < MISSES_SHOWN)
		describe_miss(misses, matcher, sight);
}

void misses_finish(struct misses *misses, struct verdict *verdict)
{
	if (misses->count) {
		buffer_add_format(&verdict->reason, "; %s",
				  buffer_string(&misses->text));
		grade_cite(verdict, misses->seq);
	}
	if (misses->count > MISSES_SHOWN)
		buffer_add_format(&verdict->reason, ", and %llu more",
				  (unsigned long long)misses->count -
				  MISSES_SHOWN);
	buffer_free(&misses->text);
}
