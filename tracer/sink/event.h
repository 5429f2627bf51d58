/*
 * The lines of a trace as JSON objects, keys in the order of the format
 * (schemas/README.md). Everything that the format fixes about a line stands
 * here; where the line goes is for the line sinks.
 */
#ifndef SINK_EVENT_H
#define SINK_EVENT_H

#include "annotate/console.h"
#include "annotate/flow.h"
#include "annotate/notes.h"
#include "base/json_writer.h"
#include "record/record.h"
#include "session/session.h"

#define EVENT_SCHEMA "kvmtrace/1"
#define EVENT_TOOL "kvmtrace"
#define EVENT_VERSION "0.1.0"

/* A number of lines by name, for trace_end. */
struct event_count {
	const char *name;
	uint64_t count;
};

/* What trace_end says beyond how the program ended. */
struct event_totals {
	uint64_t events;	/* lines before trace_end */
	uint64_t dropped;
	bool truncated;
	uint64_t errors;	/* ioctls that failed */
	const struct event_count *ioctls, *exits;
	size_t ioctl_count, exit_count;
};

/* Each writes one object, without a newline. `flow` is NULL: none wanted. */
void event_write_start(struct json_writer *json, uint64_t seq,
		       const struct record_start *start);
void event_write_ioctl(struct json_writer *json, uint64_t seq,
		       const struct record *record,
		       const struct session_view *view,
		       const struct flow *flow, const struct notes *notes);
void event_write_syscall(struct json_writer *json, uint64_t seq,
			 const struct record *record,
			 const struct session_view *view,
			 const struct notes *notes);
void event_write_process(struct json_writer *json, uint64_t seq,
			 const struct record *record,
			 const struct session_view *view,
			 const struct notes *notes);
void event_write_console(struct json_writer *json, uint64_t seq,
			 uint64_t ts_ns, const struct console_line *line);
void event_write_end(struct json_writer *json, uint64_t seq,
		     const struct record_end *end,
		     const struct event_totals *totals);

#endif
