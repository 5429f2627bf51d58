/*
 * exit_status: how the program ended, as a shell tells it. jq: an expression
 * on all events, which are kept for it; it gives true or false, or a share of
 * the points, or {"score", "reason", "evidence"}.
 */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "compare/expressions.h"
#include "compare/grade_internal.h"

#define SIGNAL_STATUS 128
/* Of one check; several checks of a run share the values. */
#define JQ_BYTES_MAX (512u << 20)

static void ignore(struct testing *testing, struct sight *sight)
{
	(void)testing;
	(void)sight;
}

/* exit_status */

static void begin_exit_status(struct testing *testing)
{
	testing->state = NULL;
}

/* "SIGSEGV" without its SIG, as sigabbrev_np() has it; 0: no such signal. */
static int find_signal(const char *name)
{
	for (int number = 1; number < NSIG; number++) {
		const char *known = sigabbrev_np(number);

		if (known && !strncmp(name, "SIG", 3) &&
		    !strcmp(known, name + 3))
			return number;
	}
	return 0;
}

/* -1: not known. */
static int find_status(const json_t *status)
{
	const json_t *exited = json_object_get(status, "exited");
	const json_t *signal = json_object_get(status, "signal");
	int number;

	if (json_is_integer(exited))
		return (int)(json_integer_value(exited) & 0xff);
	if (!json_is_string(signal))
		return -1;
	number = find_signal(json_string_value(signal));
	return number ? SIGNAL_STATUS + number : -1;
}

/* Not SIGXFSZ: a program may go on behind it, or die of it by itself. */
bool grade_was_ended(const struct ending *ending)
{
	return json_is_true(json_object_get(ending->status, "timed_out")) ||
	       json_is_true(json_object_get(ending->status, "too_many_tasks"));
}

static void say_status(const struct ending *ending, struct buffer *out)
{
	const json_t *status = ending->status;
	const json_t *exited = json_object_get(status, "exited");
	const json_t *signal = json_object_get(status, "signal");

	buffer_add_string(out, "the program ");
	if (grade_was_ended(ending)) {
		buffer_add_string(out, "was ended by the tracer");
	} else if (json_is_integer(exited)) {
		buffer_add_string(out, "ended with status ");
		grade_add_json(out, exited);
	} else if (json_is_string(signal)) {
		buffer_add_string(out, "was ended by ");
		grade_add_word(out, signal);
	} else {
		buffer_add_string(out, "was let go before it ended");
	}
}

static void finish_exit_status(struct testing *testing,
			       const struct ending *ending,
			       struct verdict *verdict)
{
	int wanted = testing->check->exit_status;

	grade_cite(verdict, ending->seq);
	if (find_status(ending->status) == wanted &&
	    !grade_was_ended(ending)) {
		verdict->share = 1;
		return;
	}
	say_status(ending, &verdict->reason);
	buffer_add_format(&verdict->reason, ", and it should end with status "
			  "%d", wanted);
}

const struct test_kind grade_exit_status = { begin_exit_status, ignore,
					     finish_exit_status };

/* jq */

struct gathering {
	jv events;
	size_t bytes;
};

static void begin_jq(struct testing *testing)
{
	struct gathering *gathering = grade_allocate(1, sizeof(*gathering));

	gathering->events = jv_array();
	testing->state = gathering;
}

/*
 * About what a value takes in libjq 1.6, whose smallest object has 8 slots of
 * 40 bytes. It can't be asked, and aborts when there is no memory left.
 */
static size_t estimate_bytes(const json_t *value)
{
	size_t bytes = 16, index;
	const char *key;
	json_t *member;

	if (json_is_object(value))
		bytes += 400 + 80 * json_object_size(value);
	else if (json_is_string(value))
		bytes += 32 + json_string_length(value);
	json_object_foreach((json_t *)value, key, member)
		bytes += estimate_bytes(member) + 32 + strlen(key);
	json_array_foreach(value, index, member)
		bytes += estimate_bytes(member) + 16;
	return bytes;
}

static void see_jq(struct testing *testing, struct sight *sight)
{
	struct gathering *gathering = testing->state;

	if (gathering->bytes > JQ_BYTES_MAX)
		return;
	gathering->bytes += estimate_bytes(sight->event);
	if (gathering->bytes <= JQ_BYTES_MAX)
		gathering->events = jv_array_append(
			gathering->events, jv_copy(sight_value(sight)));
}

/* NaN: neither a truth value nor a number from 0 to 1. */
static double find_share(jv value)
{
	double number;

	switch (jv_get_kind(value)) {
	case JV_KIND_TRUE:
		return 1;
	case JV_KIND_FALSE:
		return 0;
	case JV_KIND_NUMBER:
		number = jv_number_value(value);
		return number >= 0 && number <= 1 ? number : NAN;
	default:
		return NAN;
	}
}

/* What a value of jq's looks like, as a document of jansson's. */
static json_t *new_document(jv value)
{
	jv text = jv_dump_string(jv_copy(value), JV_PRINT_ASCII);
	json_t *document = json_loads(jv_string_value(text), JSON_DECODE_ANY,
				      NULL);

	jv_free(text);
	return document ? document : json_null();
}

static void cite_all(struct verdict *verdict, const json_t *seqs)
{
	size_t index;
	json_t *seq;

	json_array_foreach(seqs, index, seq)
		if (json_is_integer(seq) && json_integer_value(seq) >= 0)
			grade_cite(verdict, (uint64_t)json_integer_value(seq));
}

/* An object has the share as its score, and words of the rubric's own. */
static void take_object(jv object, double *share, struct verdict *verdict)
{
	json_t *document = new_document(object);
	const json_t *reason = json_object_get(document, "reason");
	jv score = jv_object_get(jv_copy(object), jv_string("score"));

	*share = find_share(score);
	jv_free(score);
	cite_all(verdict, json_object_get(document, "evidence"));
	if (*share < 1 && json_is_string(reason))
		grade_add_word(&verdict->reason, reason);
	json_decref(document);
}

static void take_value(jv value, struct verdict *verdict)
{
	double share = find_share(value);
	json_t *document;

	if (jv_get_kind(value) == JV_KIND_OBJECT)
		take_object(value, &share, verdict);
	if (!isnan(share))
		verdict->share = share;
	if (verdict->share == 1 || verdict->reason.length)
		return;
	document = new_document(value);
	buffer_add_string(&verdict->reason, isnan(share) ?
			  "the expression must give true, false or 0 to 1, "
			  "and gives " : "the expression gives ");
	grade_add_json(&verdict->reason, document);
	json_decref(document);
}

static void say_failed(struct expressions *expressions, struct verdict *verdict)
{
	json_t *error = json_string(expressions_error(expressions));

	buffer_add_string(&verdict->reason, "the expression fails: ");
	grade_add_word(&verdict->reason, error);
	json_decref(error);
}

static void judge(struct testing *testing, jv events, struct verdict *verdict)
{
	struct expressions *expressions = testing->rubric->expressions;
	jv value;
	int found = expressions_run(expressions, testing->check->jq, events,
				    &value);

	if (found > 0) {
		take_value(value, verdict);
		jv_free(value);
	} else if (found < 0) {
		say_failed(expressions, verdict);
	} else {
		buffer_add_string(&verdict->reason,
				  "the expression gives nothing");
	}
	if (!testing->check->is_partial && verdict->share < 1)
		verdict->share = 0;
}

static void finish_jq(struct testing *testing, const struct ending *ending,
		      struct verdict *verdict)
{
	struct gathering *gathering = testing->state;

	if (ending->path && gathering->bytes <= JQ_BYTES_MAX) {
		judge(testing, gathering->events, verdict);
	} else {
		buffer_add_format(&verdict->reason, "the trace is too large "
				  "for jq: its events take more than %u MiB",
				  JQ_BYTES_MAX >> 20);
		jv_free(gathering->events);
	}
	free(gathering);
}

const struct test_kind grade_jq = { begin_jq, see_jq, finish_jq };
