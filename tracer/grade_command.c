#include "grade_command.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "compare/result.h"
#include "grade_submissions.h"
#include "grade_workers.h"
#include "rubric_file.h"

enum {
	STATUS_LOST = 1,
	STATUS_TROUBLE = 2,
};

#define JOBS_MAX 1024
#define TIMEOUT_MAX_S 1e6

struct grade_options {
	const struct result_format *format;
	const char *output;	/* NULL or "-": standard output */
	struct grade_limits limits;
	bool strict, help;
	char **definitions;
	size_t definition_count;
	const char *rubric;
	char **submissions;
	size_t submission_count;
	char **program;		/* what stands behind --; NULL: no -- */
};

static const char help[] =
	"Usage: kvmtrace grade [OPTIONS] RUBRIC TRACE...\n"
	"Grades traces by a rubric. Where the rubric has several runs, each "
	"TRACE is a folder\nwith a trace RUN.jsonl for each of them.\n\n"
	"  -f, --format FORMAT    text (default), json, gradescope, junit, "
	"tap\n"
	"  -o, --output FILE      write there instead of standard output\n"
	"  -D NAME=VALUE          another value for a variable of the rubric\n"
	"  -j, --jobs N           grade N at the same time (default 1)\n"
	"      --timeout SECONDS  for each submission (default 60)\n"
	"      --strict           end with status 1 when points were lost\n"
	"  -h, --help             this text\n\n"
	"Ends with 0 when every submission was graded, 2 when one could not "
	"be: a trace\nthat is missing, broken or incomplete gets no points, "
	"and the others theirs.\n";

static int set_format(struct grade_options *options, const char *name)
{
	options->format = result_find_format(name);
	if (options->format)
		return 0;
	log_error("--format is one of text, json, gradescope, junit and tap, "
		  "not %s", name);
	return -EINVAL;
}

static int set_jobs(struct grade_options *options, const char *text)
{
	char *end;
	long jobs = strtol(text, &end, 10);

	if (end == text || *end || jobs < 1 || jobs > JOBS_MAX) {
		log_error("-j is a number from 1 to %d, not %s", JOBS_MAX,
			  text);
		return -EINVAL;
	}
	options->limits.jobs = (size_t)jobs;
	return 0;
}

static int set_timeout(struct grade_options *options, const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	/* A microsecond is the least that the timer knows. */
	if (end == text || *end || !(seconds >= 1e-6) ||
	    seconds > TIMEOUT_MAX_S) {
		log_error("--timeout is a number of seconds, not %s", text);
		return -EINVAL;
	}
	options->limits.timeout_s = seconds;
	return 0;
}

static int set_option(struct grade_options *options, int option)
{
	switch (option) {
	case 'f':
		return set_format(options, optarg);
	case 'o':
		options->output = optarg;
		return 0;
	case 'D':
		options->definitions[options->definition_count++] = optarg;
		return 0;
	case 'j':
		return set_jobs(options, optarg);
	case 't':
		return set_timeout(options, optarg);
	case 's':
		options->strict = true;
		return 0;
	case 'h':
		options->help = true;
		return 0;
	default:
		/* getopt_long() has said what is wrong. */
		return -EINVAL;
	}
}

/* What is behind -- is a program and its arguments, not ours to permute. */
static int split_program(int argc, char **argv, struct grade_options *options)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--")) {
			options->program = argv + i + 1;
			return i;
		}
	return argc;
}

static int check_operands(const struct grade_options *options)
{
	if (options->program) {
		log_error("this version grades recorded traces: record one "
			  "with kvmtrace -o TRACE PROGRAM");
		return -EINVAL;
	}
	if (options->rubric && options->submission_count)
		return 0;
	log_error("grade takes a rubric and traces: kvmtrace grade RUBRIC "
		  "TRACE...");
	return -EINVAL;
}

static int parse(int argc, char **argv, struct grade_options *options)
{
	static const struct option longs[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "define", required_argument, NULL, 'D' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "timeout", required_argument, NULL, 't' },
		{ "strict", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option, error = 0;

	argc = split_program(argc, argv, options);
	optind = 0;	/* glibc: begin anew, argv[0] is the command */
	while (!error && (option = getopt_long(argc, argv, "f:o:D:j:h", longs,
					       NULL)) != -1)
		error = set_option(options, option);
	if (error || options->help)
		return error;
	options->rubric = optind < argc ? argv[optind] : NULL;
	options->submissions = argv + optind + 1;
	options->submission_count = argc - optind > 1 ?
		(size_t)(argc - optind - 1) : 0;
	return check_operands(options);
}

static int write_file(const char *path, const struct buffer *out)
{
	bool is_stdout = !path || !strcmp(path, "-");
	FILE *file = is_stdout ? stdout : fopen(path, "we");
	bool failed = !file ||
		      fwrite(out->data, 1, out->length, file) != out->length;

	if (file && (is_stdout ? fflush(file) : fclose(file)))
		failed = true;
	if (!failed)
		return 0;
	log_error("cannot write %s: %s", is_stdout ? "the result" : path,
		  strerror(errno));
	return -EIO;
}

static int find_exit_status(const struct grade_options *options,
			    const json_t *results)
{
	int status = 0;
	size_t index;
	json_t *result;

	json_array_foreach(results, index, result) {
		const char *error = result_string(result, "error");
		double score = json_number_value(json_object_get(result,
								 "score"));

		if (error) {
			log_error("%s is not graded: %s",
				  result_string(result, "submission"), error);
			status = STATUS_TROUBLE;
		} else if (!status && options->strict &&
			   score < json_number_value(json_object_get(
					   result, "max_score"))) {
			status = STATUS_LOST;
		}
	}
	return status;
}

static int grade(const struct grade_options *options,
		 const struct rubric *rubric)
{
	size_t count = options->submission_count;
	struct submission *submissions = grade_new_submissions(
		rubric, options->submissions, count);
	json_t *results = grade_all(rubric, submissions, count,
				    &options->limits);
	struct buffer out = BUFFER_EMPTY;
	int status = find_exit_status(options, results);

	options->format->print(&out, rubric->title, results);
	if (write_file(options->output, &out))
		status = STATUS_TROUBLE;
	buffer_free(&out);
	json_decref(results);
	grade_free_submissions(submissions, count, rubric->run_count);
	return status;
}

static int run(const struct grade_options *options)
{
	struct rubric *rubric = rubric_file_load(options->rubric,
						 options->definitions,
						 options->definition_count);
	int status;

	if (!rubric)
		return STATUS_TROUBLE;
	status = grade(options, rubric);
	rubric_free(rubric);
	return status;
}

int grade_run(int argc, char **argv)
{
	struct grade_options options = {
		.format = result_find_format("text"),
		.limits = { .jobs = 1, .timeout_s = 60 },
		.definitions = calloc((size_t)argc, sizeof(char *)),
	};
	int status = STATUS_TROUBLE;

	if (!options.definitions)
		log_die("out of memory: the options");
	if (!parse(argc, argv, &options))
		status = options.help ? 0 : run(&options);
	if (options.help)
		fputs(help, stdout);
	free(options.definitions);
	return status;
}
