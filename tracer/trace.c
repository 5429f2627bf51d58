#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/capture.h"
#include "capture/replay.h"
#include "host.h"
#include "launch.h"
#include "record/record_file.h"
#include "session/session.h"
#include "sink/statistics.h"
#include "sink/text.h"
#include "timeline.h"

#define STATUS_SIGNAL 128

/* One trace in the making. */
struct trace {
	const struct options *options;
	enum output_format format;
	struct output output;
	struct timeline_options timeline_options;
	struct session *session;
	struct timeline *timeline;	/* NULL: raw records are wanted */
	struct line_sink *sink;
	struct text_options text;
	struct buffer raw;
	struct host host;
	struct host_command attached;	/* the command line, with -p */
	bool to_stdout, to_terminal, is_inprocess;
	struct injection injections[INJECTIONS_MAX];
};

/* SPEC 2: without -o, a terminal gets text on standard error; -c nothing. */
static void choose_output(struct trace *trace)
{
	const struct options *options = trace->options;

	trace->to_terminal = !options->output &&
			     (options->summary || isatty(STDOUT_FILENO));
	trace->to_stdout = options->output ? !strcmp(options->output, "-")
					   : !trace->to_terminal;
	trace->format = options->format;
	if (trace->format == FORMAT_AUTO)
		trace->format = trace->to_terminal ? FORMAT_TEXT : FORMAT_JSONL;
}

/*
 * A copy of a standard descriptor, or the file; above the numbers that a
 * program may expect to be free. -errno when it can't be opened.
 */
static int open_output(const struct trace *trace)
{
	int fd, moved;

	if (trace->to_stdout || trace->to_terminal)
		fd = fcntl(trace->to_stdout ? STDOUT_FILENO : STDERR_FILENO,
			   F_DUPFD_CLOEXEC, 3);
	else
		fd = open(trace->options->output,
			  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
			  0666);
	if (fd < 0)
		return -errno;
	if (fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return moved < 0 ? -errno : moved;
}

static bool wants_colour(const struct trace *trace, int fd)
{
	const char *no_colour = getenv("NO_COLOR");

	if (trace->options->colour != COLOUR_AUTO)
		return trace->options->colour == COLOUR_ALWAYS;
	/* https://no-color.org: set and not empty. */
	return isatty(fd) && !(no_colour && *no_colour);
}

static unsigned int terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col < 40)
		return 0;
	return size.ws_col;
}

static struct line_sink *make_sink(struct trace *trace, int fd)
{
	const struct options *options = trace->options;

	if (options->summary && !options->output)
		return NULL;
	if (trace->format == FORMAT_JSON)
		return json_sink_new(&trace->output);
	if (trace->format != FORMAT_TEXT)
		return jsonl_sink_new(&trace->output);
	trace->text = (struct text_options){
		.colour = wants_colour(trace, fd),
		.fold = true,
		.flow = !options->has_flow_choice ? TEXT_FLOW_FIRST :
			options->no_flow ? TEXT_FLOW_NONE : TEXT_FLOW_FULL,
		.width = terminal_width(fd),
		.long_arrays = options->long_arrays || options->verbose,
	};
	return text_sink_new(&trace->output, &trace->text);
}

/*
 * Only now that the program was found and stands before its first instruction:
 * a misspelt name must not cost an earlier trace.
 */
static int prepare(struct trace *trace)
{
	const struct options *options = trace->options;
	int fd = open_output(trace);

	if (fd < 0) {
		log_error("cannot write the trace to '%s': %s", options->output ?
			  options->output : "standard output", strerror(-fd));
		return fd;
	}
	output_init(&trace->output, fd);
	if (trace->format == FORMAT_RAW)
		return 0;
	trace->timeline_options = (struct timeline_options){
		.flow = !options->no_flow,
		.max_events = options->max_events,
		.selection = options->selection,
		.console_ports = options->console_ports,
		.console_port_count = options->console_port_count,
	};
	trace->sink = make_sink(trace, fd);
	if (options->summary)
		trace->sink = statistics_sink_new(
			trace->sink, wants_colour(trace, STDERR_FILENO));
	trace->timeline = timeline_new(&trace->timeline_options,
				       trace->session, trace->sink);
	return 0;
}

static void write_raw(struct trace *trace)
{
	output_write(&trace->output, trace->raw.data, trace->raw.length);
	buffer_reset(&trace->raw);
}

static void take_start(struct trace *trace, const struct record_start *start)
{
	if (trace->timeline) {
		timeline_start(trace->timeline, start);
		return;
	}
	record_file_write_start(&trace->raw, start);
	write_raw(trace);
}

static void take_record(void *context, const struct record *record)
{
	struct trace *trace = context;
	struct session_view view;

	if (record->has_exec_setuid)
		log_warning("%s runs without the rights that its set-uid bit "
			    "gives: it is traced by an ordinary user",
			    record->path ? record->path : "a program");

	if (trace->timeline) {
		timeline_record(trace->timeline, record);
		return;
	}
	/* The session keeps track for the engine's sake: see call_oracle. */
	session_apply(trace->session, record, &view);
	record_file_write(&trace->raw, record);
	write_raw(trace);
}

static void take_end(struct trace *trace, const struct record_end *end)
{
	if (trace->timeline) {
		timeline_end(trace->timeline, end);
		return;
	}
	record_file_write_end(&trace->raw, end);
	write_raw(trace);
}

/* What a format holds back is written, also when tracing failed. */
static void release(struct trace *trace)
{
	buffer_free(&trace->raw);
	if (!trace->timeline)
		return;
	trace->sink->ops->finish(trace->sink);
	timeline_free(trace->timeline);
}

/* Write down the rest. A reader that went away is no failure; others are. */
static int finish_output(struct trace *trace)
{
	int error = output_done(&trace->output);

	if (!error || error == -EPIPE)
		return 0;
	log_error("the trace is incomplete: cannot write to %s: %s",
		  trace->options->output ? trace->options->output
					 : "standard output",
		  strerror(-error));
	return error;
}

static uint64_t realtime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void describe_start(struct trace *trace, struct record_start *start)
{
	struct host *host = &trace->host;

	host_read(host);
	*start = (struct record_start){
		.argc = trace->options->program_argc,
		.argv = trace->options->program,
		.engine = trace->is_inprocess ? "inprocess" : "ptrace",
		.start_realtime_ns = realtime_ns(),
		.kernel = host->kernel[0] ? host->kernel : NULL,
		.cpu_vendor = host->cpu_vendor[0] ? host->cpu_vendor : NULL,
		.kvm_module = host->kvm_module[0] ? host->kvm_module : NULL,
	};
	if (!trace->options->attach_pid)
		return;
	host_read_command(trace->options->attach_pid, &trace->attached);
	start->argc = trace->attached.argc;
	start->argv = trace->attached.argv;
}

static int status_of(const struct trace *trace, const struct record_end *end)
{
	if (end->timed_out)
		log_info("stopped after %g s (--timeout)",
			 trace->options->timeout_s);
	launch_tell_losses(end);
	if (trace->options->verbose)
		launch_tell_engines(end);
	if (end->detached || !end->has_status)
		return 0;
	return end->signal ? STATUS_SIGNAL + end->signal : end->status;
}

static int run_capture(struct trace *trace, struct capture *capture,
		       const struct record_start *start)
{
	const struct record_sink sink = { take_record, trace };
	struct record_end end = { 0 };
	int error, status;

	take_start(trace, start);
	error = capture->ops->run(capture, &sink, &end);
	if (error && trace->options->replay)
		log_error("%s", replay_error(capture));
	else if (error)
		log_error("tracing failed: %s", strerror(-error));
	if (!error)
		take_end(trace, &end);
	release(trace);
	status = error ? STATUS_FAILED : status_of(trace, &end);
	if (trace->options->replay && !error)
		status = 0;
	capture->ops->free(capture);
	return finish_output(trace) ? STATUS_FAILED : status;
}

/*
 * A reader that goes away and a file at its size limit are errors of write()
 * then, not our end. Only once the program runs: it would inherit it.
 */
static void survive_writes(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static int run_replay(struct trace *trace)
{
	struct capture *capture;
	struct record_start start;
	int error = replay_open(trace->options->replay, &capture, &start);

	if (error) {
		log_error("%s", replay_error(capture));
		capture->ops->free(capture);
		return STATUS_FAILED;
	}
	survive_writes();
	if (prepare(trace)) {
		capture->ops->free(capture);
		return STATUS_FAILED;
	}
	return run_capture(trace, capture, &start);
}

static uint64_t measure_by_session(void *session, const struct record *record,
				   const struct abi_length *length,
				   const uint8_t *bytes, uint32_t size)
{
	return session_measure(session, record, length, bytes, size);
}

static const struct abi_type *
find_type_by_session(void *session, const struct record *record,
		     const struct abi_ioctl *row)
{
	return session_find_type(session, record, row);
}

static void look_by_session(void *session, struct record *record,
			    const struct program_memory *memory)
{
	session_look(session, record, memory);
}

static bool is_look_due_by_session(void *session, uint32_t file_id)
{
	return session_is_look_due(session, file_id);
}

static int run_program(struct trace *trace)
{
	const struct options *options = trace->options;
	int refused = launch_choose_engine(options, &trace->is_inprocess);
	const struct ptrace_options ptrace_options = {
		.inprocess = trace->is_inprocess,
		.argv = options->program,
		.attach_pid = options->attach_pid,
		.stdout_to_stderr = trace->to_stdout,
		.timeout_s = options->timeout_s,
		.injections = trace->injections,
		.injection_count = options->injection_count,
		.bounds = options->bounds,
		.oracle = { measure_by_session, find_type_by_session,
			    look_by_session, is_look_due_by_session,
			    session_is_changed_by, trace->session },
	};
	struct record_start start;
	struct capture *capture;
	int status;

	if (refused)
		return refused;
	memcpy(trace->injections, options->injections,
	       sizeof(trace->injections));
	describe_start(trace, &start);
	status = launch_program(options, &ptrace_options, &capture);
	if (status)
		return status;
	/* From here on the program can't reach our descriptors by /proc. */
	prctl(PR_SET_DUMPABLE, 0);
	survive_writes();
	if (prepare(trace)) {
		capture->ops->free(capture);
		return STATUS_FAILED;
	}
	return run_capture(trace, capture, &start);
}

int trace_run(const struct options *options)
{
	struct trace trace = { .options = options };

	int status;

	choose_output(&trace);
	trace.session = session_new();
	status = options->replay ? run_replay(&trace) : run_program(&trace);
	session_free(trace.session);
	return status;
}
