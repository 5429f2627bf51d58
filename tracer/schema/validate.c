#include "schema/validate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/progress.h"
#include "schema/json_schema.h"
#include "reader/trace_reader.h"
#include "schema/schema.h"

enum outcome {
	OUTCOME_VALID,
	OUTCOME_INVALID,
	OUTCOME_TROUBLE,
};

struct validation {
	const char *path;
	struct trace_reader *reader;
	struct json_schema *schema;
	unsigned long problems;
	struct progress progress;
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
	progress_clear(&validation->progress);
	printf("%s:%lu: ", validation->path,
	       trace_reader_line_number(validation->reader));
	print_safely(*problem->pointer ? problem->pointer : "the line");
	fputs(": ", stdout);
	print_safely(problem->expected);
	putchar('\n');
}

static void add_problem(void *context, const char *pointer,
			const char *expected)
{
	print_problem(context, &(struct json_problem){ pointer, expected });
}

/* 1: a line was held against the schema; 0: the end; or trouble. */
static int check_line(struct validation *validation)
{
	json_t *line;
	size_t length;
	int found = trace_reader_next_telling(validation->reader, add_problem,
					      validation, &line);

	if (found <= 0)
		return found;
	json_schema_check(validation->schema, line, print_problem, validation);
	json_decref(line);
	trace_reader_line(validation->reader, &length);
	progress_add(&validation->progress, length + 1);
	return found;
}

static int report_end(const struct validation *validation)
{
	if (validation->problems > VALIDATE_PROBLEMS_MAX)
		printf("%s: and %lu more\n", validation->path,
		       validation->problems - VALIDATE_PROBLEMS_MAX);
	if (!trace_reader_is_complete(validation->reader)) {
		log_error("%s is incomplete: it has no trace_end",
			  validation->path);
		return OUTCOME_TROUBLE;
	}
	if (validation->problems)
		return OUTCOME_INVALID;
	printf("%s: valid, %lu lines\n", validation->path,
	       trace_reader_line_number(validation->reader));
	return OUTCOME_VALID;
}

static int check_path(const char *path)
{
	struct validation validation = { .path = path };
	json_t *schema = schema_new_timeline();
	int found, outcome = OUTCOME_TROUBLE;

	validation.schema = json_schema_new(schema);
	json_decref(schema);
	validation.reader = trace_reader_new(path);
	progress_begin(&validation.progress, path, true);
	while ((found = check_line(&validation)) > 0)
		;
	progress_clear(&validation.progress);
	if (found < 0)
		log_error("%s", trace_reader_error(validation.reader));
	else
		outcome = report_end(&validation);
	trace_reader_free(validation.reader);
	json_schema_free(validation.schema);
	return outcome;
}

const struct option_table validate_table = {
	.command = "kvmtrace validate",
	.synopsis = "TRACE",
	.about = "Holds each line of a trace against the schema, and all of them against what "
		 "a schema of one line can't say. TRACE may be - (standard input).",
	.status = "Exit status: 0 valid, 1 not, 2 trouble, or the trace is incomplete.",
	.least = 1, .most = 1, .takes = "one trace",
	.offer = candidates_ask_files,
};

int validate_run(int argc, char **argv)
{
	int first = argc;
	int outcome = option_table_parse(&validate_table, NULL, argc, argv,
					 &first);

	if (outcome)
		return outcome == OPTION_HELP ? 0 : OUTCOME_TROUBLE;
	outcome = check_path(argv[first]);
	if (fflush(stdout) && outcome != OUTCOME_TROUBLE) {
		log_error("cannot write the result: %s", strerror(errno));
		return OUTCOME_TROUBLE;
	}
	return outcome;
}
