/* For people: each submission with its lost points, and a table of several. */
#include <string.h>

#include "compare/result.h"

#define NAME_COLUMNS_MAX 60

static void add_detail(struct buffer *out, const char *label, const char *text)
{
	buffer_add_string(out, "                 ");
	buffer_add_string(out, label);
	result_add_safe(out, text);
	buffer_add_char(out, '\n');
}

static void add_points(struct buffer *out, const json_t *check)
{
	struct buffer points = BUFFER_EMPTY;

	result_add_number(&points, check, "score");
	buffer_add_char(&points, '/');
	result_add_number(&points, check, "points");
	buffer_add_format(out, " %8s  ", buffer_string(&points));
	buffer_free(&points);
}

/* `error`: said once for all of the submission, or NULL. */
static void add_check(struct buffer *out, const json_t *check,
		      const char *error)
{
	bool passed = result_is_true(check, "passed");
	bool some = json_number_value(json_object_get(check, "score")) > 0;
	const char *reason = result_string(check, "reason");
	const char *hint = result_string(check, "hint");
	const char *run = result_string(check, "run");

	buffer_add_string(out, passed ? "  ok  " : some ? "  part" : "  lost");
	add_points(out, check);
	if (run)
		buffer_add_format(out, "%s: ", run);
	result_add_safe(out, result_string(check, "title"));
	buffer_add_char(out, '\n');
	if (reason && (!error || strcmp(reason, error)))
		add_detail(out, "", reason);
	if (hint)
		add_detail(out, "hint: ", hint);
}

static void add_submission(struct buffer *out, const json_t *result)
{
	const char *error = result_string(result, "error");
	size_t index;
	json_t *member;

	result_add_safe(out, result_string(result, "submission"));
	buffer_add_string(out, ": ");
	result_add_number(out, result, "score");
	buffer_add_string(out, " of ");
	result_add_number(out, result, "max_score");
	buffer_add_string(out, " points\n");
	if (error) {
		buffer_add_string(out, "  not graded: ");
		result_add_safe(out, error);
		buffer_add_char(out, '\n');
	}
	json_array_foreach(json_object_get(result, "notes"), index, member) {
		buffer_add_string(out, "  note: ");
		result_add_safe(out, json_string_value(member));
		buffer_add_char(out, '\n');
	}
	json_array_foreach(json_object_get(result, "checks"), index, member)
		add_check(out, member, error);
}

static void add_lost(struct buffer *out, const json_t *result)
{
	size_t index, lost = 0;
	json_t *check;

	json_array_foreach(json_object_get(result, "checks"), index, check)
		if (!result_is_true(check, "passed"))
			buffer_add_format(out, "%s%s", lost++ ? ", " : "",
					  result_string(check, "id"));
}

static void add_row(struct buffer *out, const json_t *result, int columns)
{
	double score = json_number_value(json_object_get(result, "score"));
	double most = json_number_value(json_object_get(result, "max_score"));
	struct buffer name = BUFFER_EMPTY;

	result_add_safe(&name, result_string(result, "submission"));
	buffer_add_format(out, "%-*s %8.10g %8.10g %4.0f%%  ", columns,
			  buffer_string(&name), score, most,
			  most > 0 ? 100 * score / most : 0);
	if (result_string(result, "error"))
		buffer_add_string(out, "not graded");
	else
		add_lost(out, result);
	while (out->data[out->length - 1] == ' ')
		out->length--;
	buffer_add_char(out, '\n');
	buffer_free(&name);
}

static int find_columns(const json_t *results)
{
	size_t index, columns = strlen("submission");
	json_t *result;

	json_array_foreach(results, index, result) {
		size_t length = strlen(result_string(result, "submission"));

		if (length > columns)
			columns = length;
	}
	return columns > NAME_COLUMNS_MAX ? NAME_COLUMNS_MAX : (int)columns;
}

void result_print_text(struct buffer *out, const char *title,
		       const json_t *results)
{
	int columns = find_columns(results);
	size_t index;
	json_t *result;

	result_add_safe(out, title);
	buffer_add_char(out, '\n');
	json_array_foreach(results, index, result) {
		buffer_add_char(out, '\n');
		add_submission(out, result);
	}
	if (json_array_size(results) < 2)
		return;
	buffer_add_format(out, "\n%-*s %8s %8s %5s  lost\n", columns,
			  "submission", "points", "of", "");
	json_array_foreach(results, index, result)
		add_row(out, result, columns);
}
