#include "grade/rubric_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "compare/starter.h"

#define STATUS_TROUBLE 2

struct rubric_options {
	const char *output;	/* NULL or "-": standard output */
};

static const struct option_row rows[] = {
	{ 'o', "output", "FILE", "write to FILE; - is standard output",
	  OPTION_TEXT(rubric_options, output), candidates_ask_files },
};

const struct option_table rubric_table = {
	.command = "kvmtrace rubric",
	.synopsis = "[OPTIONS] TRACE",
	.about = "Prints a rubric to begin with, made from the trace of a reference solution. "
		 "TRACE may be - (standard input).",
	OPTION_ROWS(rows),
	.status = "Exit status: 0, or 2 when the trace can't be read.",
	.least = 1, .most = 1, .takes = "one trace",
	.offer = candidates_ask_files,
};

static int write_rubric(const char *path, const struct buffer *text)
{
	bool is_stdout = !path || !strcmp(path, "-");
	FILE *file = is_stdout ? stdout : fopen(path, "we");
	bool failed = !file ||
		      fwrite(text->data, 1, text->length, file) != text->length;

	if (file && (is_stdout ? fflush(file) : fclose(file)))
		failed = true;
	if (failed)
		log_error("cannot write %s: %s",
			  is_stdout ? "the rubric" : path, strerror(errno));
	return failed ? STATUS_TROUBLE : 0;
}

static int make_rubric(const char *trace, const char *output)
{
	struct buffer text = BUFFER_EMPTY;
	int status = STATUS_TROUBLE;

	if (starter_write(trace, &text))
		log_error("%s", buffer_string(&text));
	else
		status = write_rubric(output, &text);
	buffer_free(&text);
	return status;
}

int rubric_run(int argc, char **argv)
{
	struct rubric_options options = { NULL };
	int first = argc;
	int error = option_table_parse(&rubric_table, &options, argc, argv,
				       &first);

	if (error)
		return error == OPTION_HELP ? 0 : STATUS_TROUBLE;
	return make_rubric(argv[first], options.output);
}
