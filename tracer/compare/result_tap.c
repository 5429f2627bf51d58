/*
 * The Test Anything Protocol. What is written is the same in its versions 13
 * and 14; it says 13, because Perl's prove refuses a greater number. `#` and
 * `\` are escaped in descriptions; the YAML blocks hold JSON, which is YAML.
 */
#include "compare/result.h"

static void add_description(struct buffer *out, const char *text)
{
	struct buffer safe = BUFFER_EMPTY;

	result_add_safe(&safe, text);
	for (const char *c = buffer_string(&safe); *c; c++) {
		if (*c == '#' || *c == '\\')
			buffer_add_char(out, '\\');
		buffer_add_char(out, *c);
	}
	buffer_free(&safe);
}

static void add_yaml_string(struct buffer *out, const json_t *check,
			    const char *key)
{
	const json_t *text = json_object_get(check, key);

	if (!text)
		return;
	buffer_add_format(out, "  %s: ", key);
	result_add_json(out, text, 0);
	buffer_add_char(out, '\n');
}

static void add_block(struct buffer *out, const json_t *check)
{
	buffer_add_string(out, "  ---\n  score: ");
	result_add_number(out, check, "score");
	buffer_add_string(out, "\n  points: ");
	result_add_number(out, check, "points");
	buffer_add_char(out, '\n');
	add_yaml_string(out, check, "reason");
	add_yaml_string(out, check, "hint");
	add_yaml_string(out, check, "evidence");
	buffer_add_string(out, "  ...\n");
}

static void add_test(struct buffer *out, size_t number, const char *submission,
		     const json_t *check)
{
	bool passed = result_is_true(check, "passed");
	const char *run = result_string(check, "run");

	buffer_add_format(out, "%s %zu - ", passed ? "ok" : "not ok", number);
	if (submission) {
		add_description(out, submission);
		buffer_add_string(out, ": ");
	}
	if (run)
		buffer_add_format(out, "%s: ", run);
	add_description(out, result_string(check, "title"));
	buffer_add_char(out, '\n');
	if (!passed)
		add_block(out, check);
}

static void add_notes(struct buffer *out, const json_t *result)
{
	size_t index;
	json_t *note;

	json_array_foreach(json_object_get(result, "notes"), index, note) {
		buffer_add_string(out, "# ");
		result_add_safe(out, json_string_value(note));
		buffer_add_char(out, '\n');
	}
}

void result_print_tap(struct buffer *out, const char *title,
		      const json_t *results)
{
	size_t i, j, number = 0, count = 0;
	json_t *result, *check;

	json_array_foreach(results, i, result)
		count += json_array_size(json_object_get(result, "checks"));
	buffer_add_format(out, "TAP version 13\n1..%zu\n# ", count);
	result_add_safe(out, title);
	buffer_add_char(out, '\n');
	json_array_foreach(results, i, result) {
		const char *name = result_string(result, "submission");

		add_notes(out, result);
		json_array_foreach(json_object_get(result, "checks"), j, check)
			add_test(out, ++number,
				 json_array_size(results) > 1 ? name : NULL,
				 check);
	}
}
