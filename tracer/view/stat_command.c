#include "view/stat_command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_member.h"
#include "base/log.h"
#include "base/progress.h"
#include "cli/options.h"
#include "reader/trace_reader.h"
#include "record/slow_calls.h"
#include "sink/statistics.h"

#define STATUS_TROUBLE 2

static const char *const formats[] = { "text", "json", "csv", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };

struct stat_options {
	const char *trace;
	enum { STAT_TEXT, STAT_JSON, STAT_CSV } format;
	enum colour_choice colour;
};

static const struct option_row rows[] = {
	{ 0, "format", "FORMAT", "text, json or csv (default: text)",
	  OPTION_WORD(stat_options, format, formats) },
	{ 0, "color", "WHEN", "auto, always or never; auto heeds NO_COLOR",
	  OPTION_WORD(stat_options, colour, colours) },
};

const struct option_table stat_table = {
	.command = "kvmtrace stat",
	.synopsis = "[OPTIONS] TRACE",
	.about = "Counts calls and their times by ioctl, exits by reason, port, MMIO page and "
		 "vCPU, and divides the time of each thread that runs vCPUs into KVM_RUN, "
		 "other calls on KVM's descriptors, and the rest: user space and calls that "
		 "aren't traced. The last line tells which way kvmtrace took the calls, where "
		 "the trace says so. TRACE may be - (standard input).",
	OPTION_ROWS(rows),
	.status = "Median and p99 are nearest ranks, exact up to 100,000 calls of one ioctl; "
		  "of more they are within 0.4%.\n\n"
		  "Exit status: 0 fine, 2 trouble, or the trace is incomplete.",
	.least = 1, .most = 1, .takes = "one trace",
	.offer = candidates_ask_files,
};

static bool wants_colour(const struct stat_options *options)
{
	const char *no_colour = getenv("NO_COLOR");

	if (options->colour != COLOUR_AUTO)
		return options->colour == COLOUR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
}

static uint64_t get_count(const json_t *counts, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(counts, key));

	return count > 0 ? (uint64_t)count : 0;
}

/* Which way the tracer took the calls, where the trace tells; NULL is fine. */
static void add_capture(struct buffer *out, const json_t *capture)
{
	const json_t *slow = json_object_get(capture, "slow");
	const char *separator = ": ";

	if (!json_is_integer(json_object_get(capture, "inprocess")))
		return;
	buffer_add_format(out, "\n%" PRIu64 " KVM ioctls were taken in the "
			  "process, %" PRIu64 " by ptrace",
			  get_count(capture, "inprocess"),
			  get_count(capture, "ptrace"));
	for (size_t i = 0; i < SLOW_REASONS; i++) {
		const char *key = slow_reasons[i].key;

		if (!get_count(slow, key))
			continue;
		buffer_add_format(out, "%s%s %" PRIu64, separator, key,
				  get_count(slow, key));
		separator = ", ";
	}
	buffer_add_char(out, '\n');
}

static int print(const struct stat_options *options,
		 struct statistics *statistics, const json_t *capture)
{
	struct buffer out = BUFFER_EMPTY;
	bool is_whole;

	statistics_sort(statistics);
	if (options->format == STAT_JSON) {
		statistics_add_json(&out, statistics);
	} else if (options->format == STAT_CSV) {
		statistics_add_csv(&out, statistics);
	} else {
		statistics_add_text(&out, statistics, wants_colour(options));
		add_capture(&out, capture);
	}
	is_whole = fwrite(out.data, 1, out.length, stdout) == out.length &&
		   !fflush(stdout);
	buffer_free(&out);
	if (!is_whole)
		log_error("cannot write the result: %s", strerror(errno));
	return is_whole ? 0 : STATUS_TROUBLE;
}

/*
 * What trace_reader_next() found last: 0 or trouble. *ret_capture is the
 * trace's own account of how it was taken, to be released; NULL: it has none.
 */
static int take_all(struct trace_reader *reader, struct statistics *statistics,
		    const char *path, json_t **ret_capture)
{
	struct progress progress;
	json_t *event;
	size_t length;
	int found;

	progress_begin(&progress, path, true);
	while ((found = trace_reader_next(reader, &event)) > 0) {
		statistics_event(statistics, event);
		if (json_member_is(event, "type", "trace_end")) {
			json_decref(*ret_capture);
			*ret_capture = json_incref(
				json_object_get(event, "capture"));
		}
		json_decref(event);
		trace_reader_line(reader, &length);
		progress_add(&progress, length + 1);
	}
	progress_clear(&progress);
	return found;
}

static int run(const struct stat_options *options)
{
	struct trace_reader *reader = trace_reader_new(options->trace);
	struct statistics *statistics = statistics_new();
	json_t *capture = NULL;
	bool is_cut = take_all(reader, statistics, options->trace,
			       &capture) < 0;
	int status = STATUS_TROUBLE;

	/* What stands before a broken line, as of a killed tracer, counts. */
	if (is_cut)
		log_error("%s", trace_reader_error(reader));
	if (!is_cut || trace_reader_is_started(reader))
		status = print(options, statistics, capture);
	if (!is_cut && !trace_reader_is_complete(reader))
		log_warning("%s is incomplete: it has no trace_end",
			    options->trace);
	if (is_cut || !trace_reader_is_complete(reader))
		status = STATUS_TROUBLE;
	json_decref(capture);
	statistics_free(statistics);
	trace_reader_free(reader);
	return status;
}

int stat_run(int argc, char **argv)
{
	struct stat_options options = { .format = STAT_TEXT };
	int first = argc;
	int error = option_table_parse(&stat_table, &options, argc, argv,
				       &first);

	if (error)
		return error == OPTION_HELP ? 0 : STATUS_TROUBLE;
	options.trace = argv[first];
	return run(&options);
}
