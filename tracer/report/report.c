#include "report/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "reader/trace_reader.h"
#include "report/render.h"

#define STATUS_TROUBLE 2
#define WIDTH_DEFAULT 80
#define WIDTH_MAX 100		/* longer lines are hard to read */

enum report_format { REPORT_TEXT, REPORT_MARKDOWN, REPORT_JSON };
enum colour { AUTO, ALWAYS, NEVER };

static const char *const formats[] = { "text", "markdown", "json", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };

struct report_options {
	enum report_format format;
	enum colour colour;
	const char *output;	/* NULL or "-": standard output */
	const char *trace;
};

static const struct option_row rows[] = {
	{ 0, "format", "FORMAT", "text, markdown or json (default: text)",
	  OPTION_WORD(report_options, format, formats) },
	{ 'o', "output", "FILE", "write to FILE; - is standard output",
	  OPTION_TEXT(report_options, output), candidates_ask_files },
	{ 0, "color", "WHEN", "auto, always or never; auto heeds NO_COLOR",
	  OPTION_WORD(report_options, colour, colours) },
};

const struct option_table report_table = {
	.command = "kvmtrace report",
	.synopsis = "[OPTIONS] TRACE",
	.about = "Answers the course's questions from a trace, with the numbers of its lines "
		 "as evidence. TRACE may be - (standard input).",
	OPTION_ROWS(rows),
	.status = "Exit status: 0, or 2 when the trace can't be read or is incomplete.",
	.least = 1, .most = 1, .takes = "one trace",
	.offer = candidates_ask_files,
};

/* 0, also for an incomplete trace; -errno after a sentence. */
static int read_trace(const char *path, struct facts *facts)
{
	struct trace_reader *reader = trace_reader_new(path);
	json_t *event;
	int found;

	while ((found = trace_reader_next(reader, &event)) > 0) {
		facts_add(facts, event);
		json_decref(event);
	}
	if (found < 0)
		log_error("%s", trace_reader_error(reader));
	else if (!trace_reader_is_complete(reader))
		log_error("%s is incomplete: it has no trace_end", path);
	trace_reader_free(reader);
	return found;
}

static void answer_all(const struct facts *facts, struct report *report)
{
	struct study study;

	study_init(&study, facts);
	answer_init(&report->introduction, "", "");
	study_introduce(&study, &report->introduction);
	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		const struct question *question = &study_questions[i];

		answer_init(&report->answers[i], question->id, question->text);
		question->answer(&study, &report->answers[i]);
	}
	report->is_complete = facts->end != NULL;
	study_done(&study);
}

static void forget(struct report *report)
{
	answer_done(&report->introduction);
	for (size_t i = 0; i < QUESTION_COUNT; i++)
		answer_done(&report->answers[i]);
}

static struct render_text text_for(FILE *file,
				   const struct report_options *options)
{
	const char *no_colour = getenv("NO_COLOR");
	bool is_terminal = isatty(fileno(file));
	struct render_text how = { .width = WIDTH_DEFAULT };
	struct winsize size;

	if (is_terminal && !ioctl(fileno(file), TIOCGWINSZ, &size) &&
	    size.ws_col)
		how.width = size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
	how.colour = options->colour == ALWAYS ||
		     (options->colour == AUTO && is_terminal &&
		      !(no_colour && *no_colour));
	return how;
}

static int write_report(FILE *file, const struct report *report,
			const struct report_options *options)
{
	struct buffer out = BUFFER_EMPTY;
	bool is_whole;

	if (options->format == REPORT_JSON)
		render_json(&out, report);
	else if (options->format == REPORT_MARKDOWN)
		render_markdown(&out, report);
	else
		render_text(&out, report, text_for(file, options));
	errno = 0;
	is_whole = fwrite(out.data, 1, out.length, file) == out.length &&
		   !fflush(file);
	buffer_free(&out);
	return is_whole ? 0 : errno ? -errno : -EIO;
}

/* The file is opened once there is something to write. */
static int write_to(const char *path, const struct report *report,
		    const struct report_options *options)
{
	bool is_stdout = !path || !strcmp(path, "-");
	FILE *file = is_stdout ? stdout : fopen(path, "we");
	int error = file ? write_report(file, report, options) : -errno;

	if (file && !is_stdout && fclose(file) && !error)
		error = -errno;
	if (error)
		log_error("cannot write %s: %s", is_stdout ? "the report" :
			  path, strerror(-error));
	return error;
}

/* What was read before trouble is no whole trace, but worth a report. */
static int report_on(const struct report_options *options)
{
	struct facts *facts = facts_new();
	int error = read_trace(options->trace, facts);
	struct report report;

	if (!facts->start) {
		if (!error)
			error = -ENODATA;
		facts_free(facts);
		return error;
	}
	answer_all(facts, &report);
	if (!report.is_complete && !error)
		error = -ENODATA;
	if (write_to(options->output, &report, options))
		error = -EIO;
	forget(&report);
	facts_free(facts);
	return error;
}

int report_run(int argc, char **argv)
{
	struct report_options options = { 0 };
	int first = argc;
	int error = option_table_parse(&report_table, &options, argc, argv,
				       &first);

	if (error)
		return error == OPTION_HELP ? 0 : STATUS_TROUBLE;
	options.trace = argv[first];
	return report_on(&options) ? STATUS_TROUBLE : 0;
}
