#include "timeline.h"

#include <stdlib.h>
#include <string.h>

#include "abi/run.h"
#include "base/log.h"
#include "sink/event.h"

struct timeline {
	const struct timeline_options *options;
	struct line_sink *sink;
	struct session *session;
	struct console *console;
	struct flow flow;
	struct notes notes;
	struct buffer line;
	uint64_t seq;		/* of the next line */
	uint64_t dropped, errors;
	uint64_t now_ns;	/* of the record that is being taken */
	/* By row; the last place counts what has no row. */
	struct event_count ioctls[SELECT_IOCTLS_MAX];
	size_t ioctl_places[SELECT_IOCTLS_MAX];	/* rows of one name share one */
	struct event_count exits[SELECT_EXITS_MAX];
};

/* The first row with the name of this one. */
static size_t find_place(size_t row)
{
	for (size_t i = 0; i < row; i++)
		if (!strcmp(abi_ioctls[i].name, abi_ioctls[row].name))
			return i;
	return row;
}

struct timeline *timeline_new(const struct timeline_options *options,
			      struct session *session, struct line_sink *sink)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));

	if (!timeline)
		log_die("out of memory: the timeline");
	timeline->options = options;
	timeline->sink = sink;
	timeline->session = session;
	timeline->console = console_new();
	for (size_t i = 0; i < options->console_port_count; i++)
		console_watch(timeline->console, options->console_ports[i]);
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		timeline->ioctls[i].name = abi_ioctls[i].name;
		timeline->ioctl_places[i] = find_place(i);
	}
	for (size_t i = 0; i < abi_exit_count; i++)
		timeline->exits[i].name = abi_exits[i].name;
	timeline->ioctls[abi_ioctl_count].name = "unknown";
	timeline->exits[abi_exit_count].name = "unknown";
	return timeline;
}

void timeline_free(struct timeline *timeline)
{
	console_free(timeline->console);
	flow_free(&timeline->flow);
	notes_free(&timeline->notes);
	buffer_free(&timeline->line);
	free(timeline);
}

/* A writer on the line, which is emptied. */
static struct json_writer begin_line(struct timeline *timeline)
{
	buffer_reset(&timeline->line);
	return json_writer_on(&timeline->line);
}

static void end_line(struct timeline *timeline)
{
	timeline->sink->ops->line(timeline->sink, timeline->line.data,
				  timeline->line.length);
	timeline->seq++;
}

/* Has the trace a place left for a line that is wanted? */
static bool take_place(struct timeline *timeline, bool is_wanted)
{
	uint64_t limit = timeline->options->max_events;

	if (!is_wanted)
		return false;
	/* The first line, trace_start, doesn't count. */
	if (!limit || timeline->seq <= limit)
		return true;
	timeline->dropped++;
	return false;
}

void timeline_start(struct timeline *timeline,
		    const struct record_start *start)
{
	struct json_writer json = begin_line(timeline);

	notes_begin(&timeline->notes, start);
	event_write_start(&json, timeline->seq, start);
	end_line(timeline);
}

static void count_ioctl(struct timeline *timeline, const struct record *record,
			const struct session_view *view)
{
	const struct record_part *run;
	const struct abi_exit *row;

	timeline->ioctls[view->row ?
			 timeline->ioctl_places[view->row - abi_ioctls] :
			 abi_ioctl_count].count++;
	if (!record->unfinished && record->result < 0)
		timeline->errors++;
	if (!view->has_exit)
		return;
	run = record_find_part(record, PART_RUN, PHASE_AFTER, 0);
	row = abi_find_exit((uint32_t)RUN_READ(record_part_bytes(record, run),
					       exit_reason));
	timeline->exits[row ? (size_t)(row - abi_exits)
			    : abi_exit_count].count++;
}

static void write_console(void *context, const struct console_line *line)
{
	struct timeline *timeline = context;
	struct json_writer json;

	if (!take_place(timeline, selection_wants_type(&timeline->options->selection,
						    SELECT_CONSOLE)))
		return;
	json = begin_line(timeline);
	event_write_console(&json, timeline->seq, timeline->now_ns, line);
	end_line(timeline);
}

static void write_ioctl(struct timeline *timeline,
			const struct record *record,
			const struct session_view *view)
{
	struct json_writer json = begin_line(timeline);

	if (timeline->options->flow)
		flow_describe(&timeline->flow, record, view);
	event_write_ioctl(&json, timeline->seq, record, view,
			  timeline->options->flow ? &timeline->flow : NULL,
			  &timeline->notes);
}

static void write_record(struct timeline *timeline,
			 const struct record *record,
			 const struct session_view *view)
{
	struct json_writer json;

	if (record->kind == RECORD_IOCTL) {
		write_ioctl(timeline, record, view);
	} else {
		json = begin_line(timeline);
		if (record->kind == RECORD_SYSCALL)
			event_write_syscall(&json, timeline->seq, record, view,
					    &timeline->notes);
		else
			event_write_process(&json, timeline->seq, record, view,
					    &timeline->notes);
	}
	end_line(timeline);
}

static bool wants(const struct timeline *timeline, const struct record *record,
		  const struct session_view *view)
{
	const struct selection *selection = &timeline->options->selection;

	if (record->kind == RECORD_IOCTL)
		return selection_wants(selection, SELECT_IOCTL, record, view);
	if (record->kind == RECORD_SYSCALL)
		return selection_wants(selection, SELECT_SYSCALL, record,
				       view);
	return selection_wants_type(selection, SELECT_PROCESS);
}

void timeline_record(struct timeline *timeline, const struct record *record)
{
	struct session_view view;
	uint64_t seq;

	timeline->now_ns = record->end_ns;
	session_apply(timeline->session, record, &view);
	seq = take_place(timeline, wants(timeline, record, &view)) ?
	      timeline->seq : NOTES_NO_SEQ;
	notes_find(&timeline->notes, record, &view, seq);
	if (seq != NOTES_NO_SEQ) {
		write_record(timeline, record, &view);
		session_numbered(timeline->session, record, seq);
	}
	if (record->kind != RECORD_IOCTL)
		return;
	count_ioctl(timeline, record, &view);
	console_apply(timeline->console, record, &view, seq, write_console,
		      timeline);
}

void timeline_end(struct timeline *timeline, const struct record_end *end)
{
	struct event_totals totals;
	struct json_writer json;

	timeline->now_ns = end->end_ns;
	console_flush(timeline->console, write_console, timeline);
	totals = (struct event_totals){
		.events = timeline->seq,
		.dropped = timeline->dropped,
		.truncated = timeline->dropped != 0,
		.errors = timeline->errors,
		.ioctls = timeline->ioctls,
		.exits = timeline->exits,
		.ioctl_count = abi_ioctl_count + 1,
		.exit_count = abi_exit_count + 1,
	};
	json = begin_line(timeline);
	event_write_end(&json, timeline->seq, end, &totals);
	end_line(timeline);
}
