/*
 * call, exit, type: how many events fit a matcher; never: none may.
 * With `partial`, the share is how far the number is from the limit missed.
 */
#include <stdlib.h>
#include <string.h>

#include "compare/expressions.h"
#include "compare/grade_internal.h"

#define SEQS_SHOWN 5
#define ERROR_SHOWN 200

struct counting {
	uint64_t count;
	uint64_t seqs[SEQS_SHOWN];
	struct misses misses;
	struct buffer fields;	/* of the first that there should not be */
	/* For a missing exit: which one was there in the end. */
	struct buffer last_reason;
	uint64_t last_seq;
	/* The first event on which `where` fails, and why. */
	uint64_t broken_seq;
	struct buffer broken;
};

static void begin_count(struct testing *testing)
{
	testing->state = grade_allocate(1, sizeof(struct counting));
}

static void keep_exit(struct counting *counting, const struct sight *sight)
{
	const json_t *reason = json_object_get(
		json_object_get(sight->event, "exit"), "reason");

	if (!json_is_string(reason))
		return;
	buffer_reset(&counting->last_reason);
	grade_add_word(&counting->last_reason, reason);
	counting->last_seq = sight->seq;
}

/* Which call it is, and the fields that the matcher looks at. */
static void keep_unwanted(struct counting *counting,
			  const struct matcher *matcher,
			  const struct sight *sight)
{
	const json_t *name = json_object_get(sight->event, "name");
	const json_t *error = json_object_get(sight->event, "errno");
	struct buffer *out = &counting->fields;

	if (matcher->kind == MATCH_TYPE && name) {
		buffer_add_char(out, ' ');
		grade_add_word(out, name);
	}
	if (matcher->is_refused && error) {
		buffer_add_string(out, " fails with ");
		grade_add_word(out, error);
	}
	matcher_add_fields(out, matcher, sight->event);
}

static void keep_broken(struct counting *counting,
			const struct testing *testing,
			const struct sight *sight)
{
	const char *error = expressions_error(testing->rubric->expressions);
	json_t *text = json_stringn_nocheck(error, strnlen(error, ERROR_SHOWN));

	if (!counting->broken.length) {
		counting->broken_seq = sight->seq;
		grade_add_word(&counting->broken, text);
	}
	json_decref(text);
}

static void say_broken(struct counting *counting, struct verdict *verdict)
{
	if (!counting->broken.length)
		return;
	buffer_add_format(&verdict->reason, "%sthe expression fails at seq "
			  "%llu: %s", verdict->reason.length ? "; " : "",
			  (unsigned long long)counting->broken_seq,
			  buffer_string(&counting->broken));
	grade_cite(verdict, counting->broken_seq);
}

static void see_count(struct testing *testing, struct sight *sight)
{
	struct counting *counting = testing->state;
	const struct matcher *matcher = testing->check->matchers;
	enum fit fit = matcher_fit(matcher, testing->rubric->expressions,
				   sight);

	if (fit == FIT_BROKEN)
		keep_broken(counting, testing, sight);
	if (matcher->kind == MATCH_EXIT)
		keep_exit(counting, sight);
	if (fit == FIT_WHOLE && !counting->count && !testing->check->max)
		keep_unwanted(counting, matcher, sight);
	if (fit == FIT_WHOLE && counting->count++ < SEQS_SHOWN)
		counting->seqs[counting->count - 1] = sight->seq;
	misses_add(&counting->misses, matcher, fit, sight);
}

static uint64_t count_shown(const struct counting *counting)
{
	return counting->count < SEQS_SHOWN ? counting->count : SEQS_SHOWN;
}

/* "2 of KVM_RUN (seq 3, 4)" or "no KVM_RUN" */
static void say_found(const struct counting *counting,
		      const struct matcher *matcher, struct verdict *verdict)
{
	struct buffer *out = &verdict->reason;

	if (!counting->count)
		buffer_add_string(out, "no ");
	else
		buffer_add_format(out, "%llu of ",
				  (unsigned long long)counting->count);
	matcher_describe(out, matcher);
	for (uint64_t i = 0; i < count_shown(counting); i++)
		buffer_add_format(out, "%s%llu", i ? ", " : " (seq ",
				  (unsigned long long)counting->seqs[i]);
	if (counting->count > SEQS_SHOWN)
		buffer_add_string(out, " ...");
	if (counting->count)
		buffer_add_char(out, ')');
}

static void say_unwanted(struct counting *counting,
			 const struct matcher *matcher, struct verdict *verdict)
{
	struct buffer *out = &verdict->reason;

	buffer_add_string(out, "there should be no ");
	matcher_describe(out, matcher);
	buffer_add_format(out, "; at seq %llu",
			  (unsigned long long)counting->seqs[0]);
	buffer_add_string(out, counting->fields.length ?
			  buffer_string(&counting->fields) : " there is one");
	if (counting->count > 1)
		buffer_add_format(out, ", and %llu more",
				  (unsigned long long)counting->count - 1);
}

static void say_wanted(const struct check *check, struct buffer *out)
{
	unsigned long long min = check->min, max = check->max;

	if (min == max)
		buffer_add_format(out, ", and there should be %llu", min);
	else if (max == UINT64_MAX)
		buffer_add_format(out, ", and there should be at least %llu",
				  min);
	else
		buffer_add_format(out, ", and there should be %llu to %llu",
				  min, max);
}

static void say_too_few(struct counting *counting, const struct check *check,
			struct verdict *verdict)
{
	say_found(counting, check->matchers, verdict);
	if (counting->count || check->min > 1)
		say_wanted(check, &verdict->reason);
	if (!counting->misses.count && counting->last_reason.length) {
		buffer_add_format(&verdict->reason, "; the last exit is %s at "
				  "seq %llu",
				  buffer_string(&counting->last_reason),
				  (unsigned long long)counting->last_seq);
		grade_cite(verdict, counting->last_seq);
	}
	misses_finish(&counting->misses, verdict);
	say_broken(counting, verdict);
	if (check->is_partial)
		verdict->share = (double)counting->count / (double)check->min;
}

static void say_too_many(struct counting *counting, const struct check *check,
			 struct verdict *verdict)
{
	if (check->max) {
		say_found(counting, check->matchers, verdict);
		say_wanted(check, &verdict->reason);
	} else {
		say_unwanted(counting, check->matchers, verdict);
	}
	if (check->is_partial)
		verdict->share = (double)check->max / (double)counting->count;
}

static void finish_count(struct testing *testing, const struct ending *ending,
			 struct verdict *verdict)
{
	struct counting *counting = testing->state;
	const struct check *check = testing->check;

	for (uint64_t i = 0; i < count_shown(counting); i++)
		grade_cite(verdict, counting->seqs[i]);
	if (counting->count < check->min) {
		say_too_few(counting, check, verdict);
	} else if (counting->count > check->max) {
		say_too_many(counting, check, verdict);
	} else if (check->max != UINT64_MAX && ending->is_truncated) {
		buffer_add_string(&verdict->reason, "the trace leaves out "
				  "events, so that there may be more of ");
		matcher_describe(&verdict->reason, check->matchers);
	} else if (check->max != UINT64_MAX && counting->broken.length) {
		/* Whether that event was one too many can't be told. */
		say_broken(counting, verdict);
	} else {
		verdict->share = 1;
	}
	buffer_free(&counting->last_reason);
	buffer_free(&counting->broken);
	buffer_free(&counting->fields);
	buffer_free(&counting->misses.text);
	free(counting);
}

const struct test_kind grade_count = { begin_count, see_count, finish_count };
