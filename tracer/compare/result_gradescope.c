/*
 * Gradescope's results.json, as its autograder documentation describes it. A
 * file is for one submission: of several, there is one object a line.
 */
#include "compare/result.h"

/* The reason and the hint, as the student reads them. */
static json_t *new_output(const json_t *check)
{
	const char *reason = result_string(check, "reason");
	const char *hint = result_string(check, "hint");

	return json_sprintf("%s%s%s", reason ? reason : "",
			    hint ? "\nHint: " : "", hint ? hint : "");
}

static json_t *new_name(const json_t *check)
{
	const char *run = result_string(check, "run");

	return json_sprintf("%s%s%s", run ? run : "", run ? ": " : "",
			    result_string(check, "title"));
}

static json_t *new_test(const json_t *check)
{
	const char *status = result_is_true(check, "passed") ? "passed"
							     : "failed";

	return json_pack("{s:O, s:O, s:s, s:o, s:O*, s:o, s:s, s:O*}",
			 "score", json_object_get(check, "score"),
			 "max_score", json_object_get(check, "points"),
			 "status", status, "name", new_name(check),
			 "number", json_object_get(check, "number"),
			 "output", new_output(check), "output_format", "text",
			 "visibility", json_object_get(check, "visibility"));
}

/* What concerns the submission as a whole. */
static json_t *new_summary(const char *title, const json_t *result)
{
	struct buffer text = BUFFER_EMPTY;
	const char *error = result_string(result, "error");
	json_t *summary, *note;
	size_t index;

	buffer_add_string(&text, title);
	json_array_foreach(json_object_get(result, "notes"), index, note)
		buffer_add_format(&text, "\n%s", json_string_value(note));
	if (error)
		buffer_add_format(&text, "\nNot graded: %s", error);
	summary = json_string(buffer_string(&text));
	buffer_free(&text);
	return summary;
}

static json_t *new_results(const char *title, const json_t *result)
{
	json_t *tests = json_array(), *check;
	size_t index;

	json_array_foreach(json_object_get(result, "checks"), index, check)
		json_array_append_new(tests, new_test(check));
	return json_pack("{s:O, s:o, s:s, s:s, s:o}",
			 "score", json_object_get(result, "score"),
			 "output", new_summary(title, result),
			 "output_format", "text",
			 "stdout_visibility", "hidden", "tests", tests);
}

void result_print_gradescope(struct buffer *out, const char *title,
			     const json_t *results)
{
	size_t index, indent = json_array_size(results) == 1;
	json_t *result;

	json_array_foreach(results, index, result) {
		json_t *document = new_results(title, result);

		result_add_json(out, document, indent);
		buffer_add_char(out, '\n');
		json_decref(document);
	}
}
