#include "compare/grade.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "compare/grade_internal.h"
#include "reader/trace_reader.h"

/* So much of a value of the trace is quoted. */
#define QUOTE_BYTES 72
#define EVIDENCE_MAX 16

static const struct test_kind *const kinds[] = {
	[TEST_COUNT] = &grade_count,
	[TEST_ORDER] = &grade_order,
	[TEST_CONSOLE] = &grade_console,
	[TEST_EXIT_STATUS] = &grade_exit_status,
	[TEST_LIKE] = &grade_like,
	[TEST_JQ] = &grade_jq,
};

void *grade_allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		log_die("out of memory: grading");
	return memory;
}

void grade_cite(struct verdict *verdict, uint64_t seq)
{
	size_t index;
	json_t *cited;

	json_array_foreach(verdict->evidence, index, cited)
		if (json_integer_value(cited) == (json_int_t)seq)
			return;
	if (index == EVIDENCE_MAX)
		return;
	json_array_append_new(verdict->evidence,
			      json_integer((json_int_t)seq));
}

static void add_quote(struct buffer *out, const json_t *value, bool is_cut)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII |
				JSON_COMPACT);
	size_t length = text ? strlen(text) : 0;

	if (is_cut && length > QUOTE_BYTES)
		length = QUOTE_BYTES;
	/* DEL is the one control character that JSON leaves as it is. */
	for (size_t i = 0; i < length; i++)
		buffer_add_char(out, text[i] == 0x7f ? '?' : text[i]);
	if (text && text[length])
		buffer_add_string(out, "...");
	free(text);
}

void grade_add_json(struct buffer *out, const json_t *value)
{
	add_quote(out, value, true);
}

/* Printable ASCII stays as it is. */
void grade_add_word(struct buffer *out, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);

	for (size_t i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] > 0x7e) {
			add_quote(out, value, false);
			return;
		}
	if (text)
		buffer_add(out, text, length);
}

/* One run */

struct run_result {
	struct testing *tests;		/* one for each check of the rubric */
	struct verdict *verdicts;
	struct ending ending;
	json_t *end;			/* the event that `ending` looks into */
	struct buffer error;		/* empty: read whole */
};

static void see_event(const struct rubric *rubric, size_t run,
		      struct run_result *result, const json_t *event)
{
	const json_t *seq = json_object_get(event, "seq");
	struct sight sight = {
		.event = event,
		.type = json_string_value(json_object_get(event, "type")),
		.seq = (uint64_t)json_integer_value(seq),
	};

	for (size_t i = 0; i < rubric->check_count; i++)
		if (rubric->checks[i].run == run)
			kinds[rubric->checks[i].test]->see(&result->tests[i],
							   &sight);
	if (sight.has_value)
		jv_free(sight.value);
	if (strcmp(sight.type, "trace_end"))
		return;
	result->end = json_incref((json_t *)event);
	result->ending.seq = sight.seq;
	result->ending.status = json_object_get(event, "status");
	result->ending.is_truncated = json_is_true(json_object_get(
		event, "truncated"));
}

static void read_trace(const struct rubric *rubric, size_t run,
		       const char *path, struct run_result *result)
{
	struct trace_reader *reader = trace_reader_new(path);
	json_t *event;
	int found;

	while ((found = trace_reader_next(reader, &event)) > 0) {
		see_event(rubric, run, result, event);
		json_decref(event);
	}
	if (found < 0)
		buffer_add_string(&result->error, trace_reader_error(reader));
	else if (!trace_reader_is_complete(reader))
		buffer_add_format(&result->error, "%s is incomplete: it has no "
				  "trace_end", path);
	trace_reader_free(reader);
}

static void begin_tests(const struct rubric *rubric, size_t run,
			struct run_result *result)
{
	for (size_t i = 0; i < rubric->check_count; i++) {
		const struct check *check = &rubric->checks[i];

		if (check->run != run)
			continue;
		result->tests[i] = (struct testing){ rubric, check, NULL };
		kinds[check->test]->begin(&result->tests[i]);
	}
}

/* Of a trace that wasn't read whole nothing counts, whatever was seen. */
static void finish_tests(const struct rubric *rubric, size_t run,
			 struct run_result *result)
{
	for (size_t i = 0; i < rubric->check_count; i++) {
		const struct check *check = &rubric->checks[i];
		struct verdict *verdict = &result->verdicts[i];

		if (check->run != run)
			continue;
		verdict->evidence = json_array();
		kinds[check->test]->finish(&result->tests[i], &result->ending,
					   verdict);
		if (!result->error.length)
			continue;
		verdict->share = 0;
		verdict->is_unread = true;
		json_array_clear(verdict->evidence);
		buffer_reset(&verdict->reason);
		buffer_add_string(&verdict->reason,
				  buffer_string(&result->error));
	}
}

static void grade_run(const struct rubric *rubric, size_t run,
		      const struct submission *submission,
		      struct run_result *result)
{
	const char *path = submission->paths[run];

	begin_tests(rubric, run, result);
	if (path)
		read_trace(rubric, run, path, result);
	else
		buffer_add_string(&result->error, submission->problems[run]);
	if (!result->error.length)
		result->ending.path = path;
	finish_tests(rubric, run, result);
}

/* The result */

/* Paths may hold any bytes; JSON's text is UTF-8. */
static json_t *new_text(const char *text)
{
	struct buffer safe = BUFFER_EMPTY;
	json_t *string = json_string(text);

	if (string)
		return string;
	for (; *text; text++)
		buffer_add_char(&safe, *text & 0x80 ? '?' : *text);
	string = json_string(buffer_string(&safe));
	buffer_free(&safe);
	return string;
}

/*
 * Down to the hundredth: shares such as a third add up to what is shown, and
 * none becomes the whole. The millionth makes up for 0.29 * 100 < 29.
 */
static double score_of(const struct check *check, double share)
{
	return share == 1 ? check->points :
	       floor(check->points * share * 100 + 1e-6) / 100;
}

static json_t *new_number(double number)
{
	return floor(number) == number ? json_integer((json_int_t)number) :
	       json_real(number);
}

static json_t *new_check(const struct rubric *rubric, const struct check *check,
			 double score, const struct verdict *verdict)
{
	const char *run = rubric->runs[check->run].id;
	bool has_runs = rubric->run_count > 1;
	bool passed = verdict->share == 1;

	return json_pack("{s:s, s:s, s:s*, s:s*, s:o, s:o, s:b, s:s*, s:s*}",
			 "id", check->id, "title", check->title,
			 "number", check->number,
			 "run", has_runs ? run : NULL,
			 "points", new_number(check->points),
			 "score", new_number(score), "passed", passed,
			 "hint", passed || verdict->is_unread ? NULL :
			 check->hint,
			 "visibility", check->visibility);
}

static json_t *new_result(const char *name)
{
	return json_pack("{s:s, s:b, s:i, s:i, s:[]}", "submission", name,
			 "graded", 1, "score", 0, "max_score", 0, "checks");
}

/* Rounded, as tenths don't add up in binary. */
static void add_points(json_t *result, const char *key, double points)
{
	double sum = json_number_value(json_object_get(result, key)) + points;

	json_object_set_new(result, key, new_number(round(sum * 1e6) / 1e6));
}

static void add_check(json_t *result, const struct rubric *rubric,
		      const struct check *check, struct verdict *verdict)
{
	double score = score_of(check, verdict->share);
	json_t *object = new_check(rubric, check, score, verdict);

	if (verdict->share < 1)
		json_object_set_new(object, "reason", new_text(
			buffer_string(&verdict->reason)));
	if (json_array_size(verdict->evidence))
		json_object_set(object, "evidence", verdict->evidence);
	json_array_append_new(json_object_get(result, "checks"), object);
	add_points(result, "score", score);
	add_points(result, "max_score", check->points);
}

static void add_error(json_t *result, const char *error)
{
	json_object_set_new(result, "graded", json_false());
	if (!json_object_get(result, "error"))
		json_object_set_new(result, "error", new_text(error));
}

static void free_verdicts(struct verdict *verdicts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buffer_free(&verdicts[i].reason);
		json_decref(verdicts[i].evidence);
	}
	free(verdicts);
}

json_t *grade_submission(const struct rubric *rubric,
			 const struct submission *submission)
{
	size_t count = rubric->check_count;
	json_t *result = new_result(submission->name);
	struct verdict *verdicts = grade_allocate(count, sizeof(*verdicts));
	struct testing *tests = grade_allocate(count, sizeof(*tests));

	for (size_t run = 0; run < rubric->run_count; run++) {
		struct run_result graded = { .tests = tests,
					     .verdicts = verdicts };

		grade_run(rubric, run, submission, &graded);
		grade_note_limits(result, rubric->runs[run].id, &graded.ending,
				  submission->limits ?
				  submission->limits[run] : 0);
		if (graded.error.length)
			add_error(result, buffer_string(&graded.error));
		json_decref(graded.end);
		buffer_free(&graded.error);
	}
	for (size_t i = 0; i < count; i++)
		add_check(result, rubric, &rubric->checks[i], &verdicts[i]);
	free_verdicts(verdicts, count);
	free(tests);
	return result;
}

json_t *grade_refuse(const struct rubric *rubric, const char *name,
		     const char *error)
{
	json_t *result = new_result(name);

	add_error(result, error);
	for (size_t i = 0; i < rubric->check_count; i++) {
		struct verdict verdict = {
			.evidence = json_array(), .is_unread = true,
		};

		buffer_add_string(&verdict.reason, error);
		add_check(result, rubric, &rubric->checks[i], &verdict);
		buffer_free(&verdict.reason);
		json_decref(verdict.evidence);
	}
	return result;
}
