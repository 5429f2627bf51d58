#include "grade/grade_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define JOBS_MAX 1024
#define TIMEOUT_MAX_S 1e6
#define GRADING_TIMEOUT_S 60
#define RUN_TIMEOUT_S 10

static void offer_formats(struct candidates *candidates)
{
	for (size_t i = 0; result_format_at(i); i++)
		candidates_offer(candidates, result_format_at(i)->name, NULL);
}

static int apply_format(const struct option_row *row, void *context,
			const char *name)
{
	struct grade_options *options = context;
	struct buffer names = BUFFER_EMPTY;

	options->format = result_find_format(name);
	if (options->format)
		return 0;
	for (size_t i = 0; result_format_at(i); i++)
		buffer_add_format(&names, "%s%s", !i ? "" :
				  result_format_at(i + 1) ? ", " : " or ",
				  result_format_at(i)->name);
	log_error("--%s takes %s, not '%s'", row->name, buffer_string(&names),
		  name);
	buffer_free(&names);
	return -EINVAL;
}

static int apply_define(const struct option_row *row, void *context,
			const char *value)
{
	struct grade_options *options = context;

	(void)row;
	options->definitions[options->definition_count++] = (char *)value;
	return 0;
}

static int apply_jobs(const struct option_row *row, void *context,
		      const char *text)
{
	struct grade_options *options = context;
	unsigned long long number = options->limits.jobs;
	int error = option_parse_number(row, text, 1, JOBS_MAX, &number);

	options->limits.jobs = (size_t)number;
	return error;
}

static int apply_timeout(const struct option_row *row, void *context,
			 const char *text)
{
	struct grade_options *options = context;

	return option_parse_seconds(row, text, TIMEOUT_MAX_S,
				    &options->timeout_s);
}

/* What follows is of use with -- PROGRAM only. */

static int apply_count(const struct option_row *row,
		       struct grade_options *options, const char *text,
		       unsigned long long most, uint64_t *ret_count)
{
	unsigned long long number = *ret_count;
	int error = option_parse_number(row, text, 1, most, &number);

	options->live_option = row->name;
	*ret_count = number;
	return error;
}

static int apply_bytes(const struct option_row *row,
		       struct grade_options *options, const char *text,
		       unsigned long long most, uint64_t *ret_bytes)
{
	unsigned long long number = *ret_bytes;
	int error = option_parse_size(row, text, most, &number);

	options->live_option = row->name;
	*ret_bytes = number;
	return error;
}

static int apply_max_events(const struct option_row *row, void *context,
			    const char *text)
{
	struct grade_options *options = context;

	return apply_count(row, options, text, 1ull << 53,
			   &options->record.max_events);
}

static int apply_max_output(const struct option_row *row, void *context,
			    const char *text)
{
	struct grade_options *options = context;

	return apply_bytes(row, options, text, 1ull << 30,
			   &options->record.max_output);
}

static int apply_max_file(const struct option_row *row, void *context,
			  const char *text)
{
	struct grade_options *options = context;

	return apply_bytes(row, options, text, 1ull << 62,
			   &options->record.max_file);
}

static int apply_max_tasks(const struct option_row *row, void *context,
			   const char *text)
{
	struct grade_options *options = context;

	return apply_count(row, options, text, 1u << 22,
			   &options->record.max_tasks);
}

/* Records of the other engine lie where the program can write. */
static int apply_engine(const struct option_row *row, void *context,
			const char *name)
{
	struct grade_options *options = context;
	int index = option_find_word(row, name);

	options->live_option = row->name;
	options->record.engine = index < 0 ? ENGINE_PTRACE
					   : (enum engine_choice)index;
	return index < 0 ? index : 0;
}

static int apply_user(const struct option_row *row, void *context,
		      const char *name)
{
	struct grade_options *options = context;
	int error = geteuid() ? -EPERM : grade_find_user(name, &options->user);

	options->live_option = row->name;
	options->record.user = &options->user;
	if (error)
		log_error("--user %s: %s", name, error == -EPERM ?
			  "only root may run programs as another user" :
			  error == -ENOENT ? "there is no such user" :
			  strerror(-error));
	return error;
}

static int apply_keep(const struct option_row *row, void *context,
		      const char *folder)
{
	struct grade_options *options = context;

	options->live_option = row->name;
	options->record.keep = folder;
	return 0;
}

static const struct option_row rows[] = {
	{ 'f', "format", "FORMAT", "text (default), json, gradescope, junit, tap",
	  apply_format, 0, NULL, offer_formats },
	{ 'o', "output", "FILE", "write to FILE; - is standard output",
	  OPTION_TEXT(grade_options, output), candidates_ask_files },
	{ 'D', "define", "NAME=VALUE", "another value for a variable of the rubric",
	  apply_define, 0, NULL, NULL },
	{ 'j', "jobs", "N", "grade N traces at the same time (default 1)",
	  apply_jobs, 0, NULL, NULL },
	{ 0, "timeout", "SECONDS", "for each submission (default 60), or for each run of a "
	  "program (default 10)", apply_timeout, 0, NULL, NULL },
	{ 0, "strict", NULL, "end with status 1 when points were lost",
	  OPTION_FLAG(grade_options, strict) },
	{ .help = "for programs" },
	{ 0, "max-events", "N", "lines of a trace (default 50000)",
	  apply_max_events, 0, NULL, NULL },
	{ 0, "max-output", "BYTES", "kept of standard output and of error (1M)",
	  apply_max_output, 0, NULL, NULL },
	{ 0, "max-file", "BYTES", "the largest file it may write (64M)",
	  apply_max_file, 0, NULL, NULL },
	{ 0, "max-tasks", "N", "processes and threads at once (256)",
	  apply_max_tasks, 0, NULL, NULL },
	{ 0, "engine", "ENGINE", "ptrace (default), auto or inprocess: the latter two are faster, "
	  "but a program can forge their records", apply_engine, 0, options_engines, NULL },
	{ 0, "user", "USER", "run it as this user, a name or number; root only",
	  apply_user, 0, NULL, candidates_ask_users },
	{ 0, "keep", "FOLDER", "leave the traces and the output there",
	  apply_keep, 0, NULL, candidates_ask_folders },
};

const struct option_table grade_table = {
	.command = "kvmtrace grade",
	.synopsis = "[OPTIONS] RUBRIC TRACE...\n"
		    "[OPTIONS] RUBRIC -- PROGRAM ARGS...",
	.about = "Grades traces by a rubric, or a program: it is recorded, once for each of the "
		 "rubric's runs, and the traces are graded. Where the rubric has several runs, "
		 "each TRACE is a folder with a trace RUN.jsonl for each of them.",
	OPTION_ROWS(rows),
	.status = "Exit status: 0 when every submission was graded, 2 when one could not be: a "
		  "trace that is missing, broken or incomplete gets no points, and the others "
		  "theirs.",
	.offer = candidates_ask_files,
	.has_program_behind_dashes = true,
};

/* What is behind -- is a program and its arguments, not ours to permute. */
static int split_program(int argc, char **argv, struct grade_options *options)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--")) {
			options->record.program = argv + i + 1;
			return i;
		}
	return argc;
}

static int check(const struct grade_options *options)
{
	char *const *program = options->record.program;

	if (program && *program && options->rubric &&
	    !options->submission_count)
		return 0;
	if (!program && options->live_option) {
		log_error("--%s is for a program: kvmtrace grade RUBRIC -- "
			  "PROGRAM ARGS...", options->live_option);
		return -EINVAL;
	}
	if (!program && options->rubric && options->submission_count)
		return 0;
	log_error("grade takes a rubric and traces, or a program: kvmtrace "
		  "grade RUBRIC TRACE... or kvmtrace grade RUBRIC -- PROGRAM "
		  "ARGS...");
	return -EINVAL;
}

static void set_timeouts(struct grade_options *options)
{
	bool is_live = options->record.program != NULL;
	double given = options->timeout_s;

	options->limits.timeout_s = given && !is_live ? given :
				    GRADING_TIMEOUT_S;
	options->record.timeout_s = given ? given : RUN_TIMEOUT_S;
}

int grade_options_parse(struct grade_options *options, int argc, char **argv)
{
	int first, error;

	*options = (struct grade_options){
		.format = result_find_format("text"),
		.limits = { .jobs = 1 },
		.definitions = calloc((size_t)argc, sizeof(char *)),
		.record = { .max_events = 50000, .max_output = 1 << 20,
			    .max_file = 64 << 20, .max_tasks = 256,
			    .engine = ENGINE_PTRACE },
	};
	if (!options->definitions)
		log_die("out of memory: the options");
	argc = first = split_program(argc, argv, options);
	error = option_table_parse(&grade_table, options, argc, argv, &first);
	if (error)
		return error;
	options->rubric = first < argc ? argv[first] : NULL;
	options->submissions = argv + first + 1;
	options->submission_count = argc - first > 1 ?
		(size_t)(argc - first - 1) : 0;
	set_timeouts(options);
	return check(options);
}

void grade_options_done(struct grade_options *options)
{
	free(options->definitions);
}
