#include <math.h>

#include "base/json_writer.h"
#include "compare/diff_output.h"

static const char *const verdicts[] = {
	[COMPARE_SAME] = "same",
	[COMPARE_DIFFERENT] = "different",
	[COMPARE_INCOMPLETE] = "incomplete",
};

static const char *const kinds[] = {
	[DIFFERENCE_CHANGED] = "changed",
	[DIFFERENCE_MISSING] = "missing",
	[DIFFERENCE_EXTRA] = "extra",
	[DIFFERENCE_MOVED] = "moved",
};

static void add_trace(struct json_writer *json, const char *key,
		      const struct compared_trace *trace)
{
	json_begin_object(json, key);
	json_add_string(json, "trace", trace->path);
	json_add_unsigned(json, "events", trace->events);
	json_add_bool(json, "complete", trace->has_end && !trace->is_truncated);
	json_end_object(json);
}

static void add_place(struct json_writer *json, const char *key,
		      const struct difference_place *place)
{
	json_begin_object(json, key);
	if (place->is_there) {
		json_add_unsigned(json, "seq", place->seq);
		if (place->last_seq != place->seq)
			json_add_unsigned(json, "last_seq", place->last_seq);
	} else if (place->is_behind || place->is_before) {
		json_add_unsigned(json, place->is_behind ? "after_seq" :
				  "before_seq", place->seq);
	}
	json_end_object(json);
}

static void add_fields(struct json_writer *json,
		       const struct difference *difference)
{
	json_begin_array(json, "fields");
	for (size_t i = 0; i < difference->field_count; i++) {
		const struct difference_field *field = &difference->fields[i];

		json_begin_object(json, NULL);
		json_add_string(json, "path", field->path);
		if (field->expected)
			json_add_string(json, "expected", field->expected);
		if (field->actual)
			json_add_string(json, "actual", field->actual);
		json_end_object(json);
	}
	json_end_array(json);
	if (difference->field_total > difference->field_count)
		json_add_unsigned(json, "fields_total",
				  difference->field_total);
}

static void add_difference(struct json_writer *json,
			   const struct difference *difference)
{
	json_begin_object(json, NULL);
	json_add_string(json, "kind", kinds[difference->kind]);
	json_add_string(json, "event", difference->event);
	json_add_unsigned(json, "count", difference->count);
	add_place(json, "expected", &difference->expected);
	add_place(json, "actual", &difference->actual);
	if (difference->kind == DIFFERENCE_CHANGED)
		add_fields(json, difference);
	json_add_string(json, "text", difference->text);
	json_end_object(json);
}

void diff_write_json(struct buffer *out, const struct comparison *comparison)
{
	struct json_writer json = json_writer_on(out);

	json_begin_object(&json, NULL);
	json_add_string(&json, "diff", "kvmtrace-diff/1");
	json_add_string(&json, "verdict", verdicts[comparison->verdict]);
	/* Down: only equal traces are alike by 1000 of 1000. */
	json_add_unsigned(&json, "alike_permille",
			  (uint64_t)floor(comparison->alike * 1000));
	add_trace(&json, "expected", &comparison->expected);
	add_trace(&json, "actual", &comparison->actual);
	json_add_unsigned(&json, "differences_total",
			  comparison->difference_total);
	json_add_unsigned(&json, "following", comparison->follow_total);
	json_begin_array(&json, "differences");
	for (size_t i = 0; i < comparison->difference_count; i++)
		add_difference(&json, &comparison->differences[i]);
	json_end_array(&json);
	json_end_object(&json);
	buffer_add_char(out, '\n');
}
