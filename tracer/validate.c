#include "validate.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "json_schema.h"
#include "schema.h"
#include "sink/event.h"

enum outcome {
	OUTCOME_VALID,
	OUTCOME_INVALID,
	OUTCOME_TROUBLE,
};

struct validation {
	const char *path;
	FILE *file;
	struct json_schema *schema;
	struct buffer line;
	unsigned long line_number;	/* of `line`, from 1 */
	unsigned long problems;
	bool is_complete;		/* trace_end has been read */
};

/* The trace may hold anything; a terminal gets printable ASCII only. */
static void print_safely(const char *text)
{
	for (; *text; text++)
		putchar(*text < 0x20 || *text > 0x7e ? '?' : *text);
}

static void print_problem(void *context, const struct json_problem *problem)
{
	struct validation *validation = context;

	if (validation->problems++ >= VALIDATE_PROBLEMS_MAX)
		return;
	printf("%s:%lu: ", validation->path, validation->line_number);
	print_safely(*problem->pointer ? problem->pointer : "the line");
	fputs(": ", stdout);
	print_safely(problem->expected);
	putchar('\n');
}

static void add_problem(struct validation *validation, const char *pointer,
			const char *expected)
{
	print_problem(validation, &(struct json_problem){ pointer, expected });
}

static int fail(const struct validation *validation, const char *why)
{
	log_error("%s, line %lu: %s", validation->path,
		  validation->line_number, why);
	return OUTCOME_TROUBLE;
}

/* 1: a line without its newline is in the buffer; 0: the end; or trouble. */
static int read_line(struct validation *validation)
{
	struct buffer *line = &validation->line;
	int c;

	buffer_reset(line);
	validation->line_number++;
	while ((c = getc_unlocked(validation->file)) != EOF && c != '\n') {
		if (line->length == VALIDATE_LINE_BYTES)
			return -fail(validation, "it is longer than 64 MiB");
		buffer_add_char(line, (char)c);
	}
	if (ferror(validation->file)) {
		log_error("cannot read %s: %s", validation->path,
			  strerror(errno));
		return -OUTCOME_TROUBLE;
	}
	return c != EOF || line->length;
}

/* Numbers beyond long long and deep nesting are refused by jansson. */
static json_t *parse_line(const struct validation *validation)
{
	char why[sizeof(((json_error_t *)0)->text) + 32];
	json_error_t error;
	json_t *value = json_loadb(validation->line.data ?
				   validation->line.data : "",
				   validation->line.length,
				   JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL |
				   JSON_DECODE_ANY, &error);

	if (value)
		return value;
	/* Only the position: jansson's text quotes the trace. */
	snprintf(why, sizeof(why), "not JSON, or cut off, at byte %d",
		 error.position);
	fail(validation, why);
	return NULL;
}

static bool has_type(const json_t *line, const char *type)
{
	const char *found = json_string_value(json_object_get(line, "type"));

	return found && !strcmp(found, type);
}

static bool is_number(const json_t *line, const char *key,
		      unsigned long number)
{
	const json_t *found = json_object_get(line, key);

	return !found || json_number_value(found) == (double)number;
}

/* What concerns a line's place among the others. */
static void check_place(struct validation *validation, const json_t *line)
{
	unsigned long seq = validation->line_number - 1;
	bool is_end = has_type(line, "trace_end");

	if (validation->is_complete)
		add_problem(validation, "", "stands behind trace_end, which "
			    "must be the last line");
	if (has_type(line, "trace_start") != (seq == 0))
		add_problem(validation, "/type", seq ?
			    "only the first line may be trace_start" :
			    "the first line must be trace_start");
	if (!is_number(line, "seq", seq))
		add_problem(validation, "/seq",
			    "must count the lines from 0 without a gap");
	if (is_end && !is_number(line, "events", seq))
		add_problem(validation, "/events",
			    "must be the number of lines before this one");
	validation->is_complete |= is_end;
}

/* A format of another major version has other rules. */
static int check_version(const struct validation *validation,
			 const json_t *line)
{
	const char *schema = json_string_value(json_object_get(line, "schema"));

	if (validation->line_number > 1 || !has_type(line, "trace_start") ||
	    !schema || !strncmp(schema, EVENT_SCHEMA, strlen(EVENT_SCHEMA)))
		return 0;
	return fail(validation, "this version reads " EVENT_SCHEMA " only");
}

static int check_line(struct validation *validation)
{
	json_t *line = parse_line(validation);
	int trouble;

	if (!line)
		return OUTCOME_TROUBLE;
	trouble = check_version(validation, line);
	if (!trouble) {
		json_schema_check(validation->schema, line, print_problem,
				  validation);
		check_place(validation, line);
	}
	json_decref(line);
	return trouble;
}

static int report_end(const struct validation *validation)
{
	if (validation->problems > VALIDATE_PROBLEMS_MAX)
		printf("%s: and %lu more\n", validation->path,
		       validation->problems - VALIDATE_PROBLEMS_MAX);
	if (!validation->is_complete) {
		log_error("%s is incomplete: it has no trace_end",
			  validation->path);
		return OUTCOME_TROUBLE;
	}
	if (validation->problems)
		return OUTCOME_INVALID;
	printf("%s: valid, %lu lines\n", validation->path,
	       validation->line_number - 1);
	return OUTCOME_VALID;
}

static int check_file(struct validation *validation)
{
	int found, trouble = 0;

	while (!trouble && (found = read_line(validation)) > 0)
		trouble = check_line(validation);
	if (trouble || found < 0)
		return OUTCOME_TROUBLE;
	return report_end(validation);
}

static int check_path(const char *path)
{
	struct validation validation = { .path = path, .line = BUFFER_EMPTY };
	bool is_stdin = !strcmp(path, "-");
	json_t *schema;
	int outcome;

	validation.file = is_stdin ? stdin : fopen(path, "re");
	if (!validation.file) {
		log_error("cannot open %s: %s", path, strerror(errno));
		return OUTCOME_TROUBLE;
	}
	schema = schema_new_timeline();
	validation.schema = json_schema_new(schema);
	json_decref(schema);
	outcome = check_file(&validation);
	json_schema_free(validation.schema);
	buffer_free(&validation.line);
	if (!is_stdin)
		fclose(validation.file);
	return outcome;
}

int validate_run(int argc, char **argv)
{
	int outcome;

	if (argc != 2) {
		log_error("validate takes one trace: kvmtrace validate TRACE");
		return OUTCOME_TROUBLE;
	}
	outcome = check_path(argv[1]);
	if (fflush(stdout) && outcome != OUTCOME_TROUBLE) {
		log_error("cannot write the result: %s", strerror(errno));
		return OUTCOME_TROUBLE;
	}
	return outcome;
}
