#include "view/view.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/progress.h"
#include "reader/trace_reader.h"
#include "view/view_formats.h"
#include "view/view_options.h"
#include "view/view_pager.h"
#include "view/view_select.h"

#define STATUS_TROUBLE 2
#define PENDING_BYTES (64 * 1024)
#define LOOK_AGAIN_NS 100000000

struct view {
	struct view_options options;
	struct text_options text;
	struct view_target target;
	struct view_numbers numbers;
	struct trace_reader *reader;
	struct progress progress;
	void *state;		/* of the format */
	pid_t pager;		/* 0: none */
};

/* Ctrl-C: end what is being shown, and end it well. */
static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
	(void)number;
	is_interrupted = 1;
}

static void write_out(struct view *view)
{
	struct buffer *out = &view->target.out;

	if (out->length)
		output_write(&view->target.output, out->data, out->length);
	buffer_reset(out);
}

/* At the end of a file that may be growing: show what there is, and wait. */
static bool wait_for_more(void *context)
{
	const struct timespec pause = { 0, LOOK_AGAIN_NS };
	struct view *view = context;

	write_out(view);
	output_flush(&view->target.output);
	if (is_interrupted || view->target.output.error)
		return false;
	nanosleep(&pause, NULL);
	return !is_interrupted;
}

static bool is_to_terminal(const struct view_options *options)
{
	return !options->output && isatty(STDOUT_FILENO);
}

static bool wants_colour(const struct view_options *options)
{
	const char *no_colour = getenv("NO_COLOR");

	if (options->colour != COLOUR_AUTO)
		return options->colour == COLOUR_ALWAYS;
	/* https://no-color.org: set and not empty. */
	return is_to_terminal(options) && !(no_colour && *no_colour);
}

static unsigned get_width(const struct view_options *options)
{
	struct winsize size;

	if (options->text.width || !is_to_terminal(options) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 40)
		return options->text.width;
	return size.ws_col;
}

/* Would writing destroy what is to be read? */
static bool is_same_file(const char *trace, const char *output)
{
	struct stat input, there;

	return !(strcmp(trace, "-") ? stat(trace, &input)
				    : fstat(STDIN_FILENO, &input)) &&
	       !stat(output, &there) && S_ISREG(there.st_mode) &&
	       input.st_dev == there.st_dev && input.st_ino == there.st_ino;
}

static int open_output(const struct view_options *options)
{
	int fd;

	if (!options->output)
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(options->output, O_WRONLY | O_CREAT | O_TRUNC |
			  O_CLOEXEC | O_NOCTTY, 0666);
	return fd < 0 ? -errno : fd;
}

static int refuse_output(const struct view_options *options, const char *why)
{
	log_error("cannot write to '%s': %s", options->output ?
		  options->output : "standard output", why);
	return -EINVAL;
}

/* Where it goes: the file, the pager, or standard output. */
static int begin_output(struct view *view)
{
	const struct view_options *options = &view->options;
	int fd = -1;

	if (is_to_terminal(options) && !options->format->is_streamed)
		return refuse_output(options, "this format is no text for a "
				     "terminal; give -o FILE");
	if (options->output && is_same_file(options->trace, options->output))
		return refuse_output(options, "it is the trace itself");
	if (is_to_terminal(options) && !options->has_no_pager &&
	    !options->is_following)
		view->pager = view_pager_start(&fd);
	if (view->pager <= 0) {
		view->pager = 0;
		fd = open_output(options);
	}
	if (fd < 0)
		return refuse_output(options, strerror(-fd));
	output_init(&view->target.output, fd);
	view->text = options->text;
	view->text.colour = wants_colour(options);
	view->text.width = get_width(options);
	view->target.options = options;
	view->target.text = &view->text;
	view->state = options->format->begin(&view->target);
	return 0;
}

static void show(struct view *view, json_t *event)
{
	const struct view_format *format = view->options.format;
	bool is_selected = view_select_is_given(&view->options.selection);
	bool is_wanted = view_select_wants(&view->options.selection, event);
	size_t length;
	const char *line = trace_reader_line(view->reader, &length);

	progress_add(&view->progress, length + 1);
	if (is_selected && format->is_trace) {
		view_numbers_take(&view->numbers, event, is_wanted);
		line = NULL;
	}
	if (is_wanted)
		format->event(view->state, &view->target, event, line, length);
	if (view->target.out.length >= PENDING_BYTES)
		write_out(view);
}

/* 0 at the end, of the trace or of what is wanted of it; or trouble. */
static int show_all(struct view *view, json_t *event)
{
	int found = 1;

	while (found > 0) {
		show(view, event);
		json_decref(event);
		if (is_interrupted || view->target.output.error ||
		    (view->options.is_following &&
		     trace_reader_is_complete(view->reader)))
			return 0;
		found = trace_reader_next(view->reader, &event);
	}
	return found;
}

/* Ends the output, and says what went wrong now that the terminal is ours. */
static int finish(struct view *view, int found)
{
	bool is_cut = is_interrupted || view->target.output.error;
	int error;

	view->options.format->finish(view->state, &view->target);
	write_out(view);
	progress_clear(&view->progress);
	error = output_done(&view->target.output);
	if (view->pager)
		view_pager_finish(view->pager);
	if (error && error != -EPIPE) {
		refuse_output(&view->options, strerror(-error));
		return STATUS_TROUBLE;
	}
	if (found < 0) {
		log_error("%s", trace_reader_error(view->reader));
		return STATUS_TROUBLE;
	}
	if (is_cut || error || trace_reader_is_complete(view->reader))
		return 0;
	log_warning("%s is incomplete: it has no trace_end",
		    view->options.trace);
	return STATUS_TROUBLE;
}

static void prepare_signals(const struct view_options *options)
{
	struct sigaction action = {
		.sa_handler = interrupt,
		.sa_flags = SA_RESETHAND,	/* the second time it ends us */
	};

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (options->is_following || !options->format->is_streamed)
		sigaction(SIGINT, &action, NULL);
}

/* Only a trace that can be read costs the file that it is written to. */
static int show_trace(struct view *view)
{
	json_t *event = NULL;
	int found;

	found = trace_reader_next(view->reader, &event);
	if (found <= 0) {
		if (found < 0)
			log_error("%s", trace_reader_error(view->reader));
		else
			log_error("%s is incomplete: it is empty",
				  view->options.trace);
		return STATUS_TROUBLE;
	}
	if (begin_output(view)) {
		json_decref(event);
		return STATUS_TROUBLE;
	}
	return finish(view, show_all(view, event));
}

int view_run(int argc, char **argv)
{
	struct view view = { .pager = 0 };
	int status = view_options_parse(&view.options, argc, argv);

	if (status)
		return status == OPTION_HELP ? 0 : STATUS_TROUBLE;
	prepare_signals(&view.options);
	view.reader = trace_reader_new(view.options.trace);
	if (view.options.is_following)
		trace_reader_follow(view.reader, wait_for_more, &view);
	progress_begin(&view.progress, view.options.trace,
		       !is_to_terminal(&view.options) &&
		       !view.options.is_following);
	status = show_trace(&view);
	trace_reader_free(view.reader);
	view_numbers_done(&view.numbers);
	buffer_free(&view.target.out);
	return status;
}
