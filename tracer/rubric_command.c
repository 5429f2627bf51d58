#include "rubric_command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "compare/starter.h"

#define STATUS_TROUBLE 2

static const char help[] =
	"Usage: kvmtrace rubric [-o FILE] TRACE\n"
	"Prints a rubric to begin with, made from the trace of a reference "
	"solution.\n";

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
	static const struct option longs[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *output = NULL;
	int option;

	optind = 0;	/* glibc: begin anew, argv[0] is the command */
	while ((option = getopt_long(argc, argv, "o:h", longs, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (option != 'o')
			return STATUS_TROUBLE;
		output = optarg;
	}
	if (optind + 1 == argc)
		return make_rubric(argv[optind], output);
	log_error("rubric takes one trace: kvmtrace rubric TRACE");
	return STATUS_TROUBLE;
}
