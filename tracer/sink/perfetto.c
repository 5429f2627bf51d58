/*
 * Perfetto's own format: a Trace of TracePackets with TrackEvents, exact to the
 * nanosecond. Field numbers are those of perfetto's protos/perfetto/trace
 * (trace_packet, clock_snapshot, track_event/{track_event, track_descriptor,
 * process_descriptor, thread_descriptor, debug_annotation}.proto), which are a
 * stable interface; https://perfetto.dev/docs/reference/synthetic-track-event
 * says how others are to write them. A test decodes what is written by
 * a schema of its own.
 *
 * Perfetto sorts by time, and keeps the file's order among equal times: so a
 * slice's end stands behind its begin, and before the lane's next begin.
 */
#include <stdlib.h>
#include <time.h>

#include "base/json_member.h"
#include "base/log.h"
#include "base/protobuf_writer.h"
#include "sink/lanes.h"

enum {
	TRACE_PACKET = 1,

	PACKET_CLOCK_SNAPSHOT = 6,
	PACKET_TIMESTAMP = 8,
	PACKET_SEQUENCE = 10,	/* trusted_packet_sequence_id */
	PACKET_TRACK_EVENT = 11,
	PACKET_SEQUENCE_FLAGS = 13,
	PACKET_TRACK_DESCRIPTOR = 60,

	SNAPSHOT_CLOCKS = 1,
	CLOCK_ID = 1,
	CLOCK_TIMESTAMP = 2,

	TRACK_UUID = 1,
	TRACK_NAME = 2,
	TRACK_PROCESS = 3,
	TRACK_THREAD = 4,
	TRACK_PARENT_UUID = 5,
	TRACK_CHILD_ORDERING = 11,
	TRACK_SIBLING_ORDER_RANK = 12,

	PROCESS_PID = 1,
	PROCESS_CMDLINE = 2,
	PROCESS_NAME = 6,

	THREAD_PID = 1,
	THREAD_TID = 2,
	THREAD_NAME = 5,

	EVENT_DEBUG_ANNOTATIONS = 4,
	EVENT_TYPE = 9,
	EVENT_TRACK_UUID = 11,
	EVENT_CATEGORIES = 22,
	EVENT_NAME = 23,
	EVENT_FLOW_IDS = 47,
	EVENT_TERMINATING_FLOW_IDS = 48,

	ANNOTATION_BOOL = 2,
	ANNOTATION_INT = 4,
	ANNOTATION_DOUBLE = 5,
	ANNOTATION_STRING = 6,
	ANNOTATION_NAME = 10,
	ANNOTATION_DICT = 11,
	ANNOTATION_ARRAY = 12,
};

enum {
	TYPE_SLICE_BEGIN = 1,
	TYPE_SLICE_END = 2,
	TYPE_INSTANT = 3,

	CLEARED_STATE = 1,	/* SEQ_INCREMENTAL_STATE_CLEARED */
	EXPLICIT_ORDER = 3,	/* ChildTracksOrdering */

	CLOCK_IS_REALTIME = 1,	/* BuiltinClock */
	CLOCK_IS_BOOTTIME = 6,
};

/* Ids are global to a trace; ours should not meet those of a merged one. */
#define UUID_LANE 0x6b766d7400000000ull
#define UUID_PROCESS 0x6b766d7500000000ull
#define SEQUENCE 1
/* Protobuf's readers give up at a depth of 100; each level here takes one. */
#define DEPTH_MAX 64

struct perfetto_writer {
	struct lane_writer head;
	struct buffer *out;
};

static struct buffer *get_out(struct lane_writer *writer)
{
	return ((struct perfetto_writer *)writer)->out;
}

static size_t begin_packet(struct buffer *out)
{
	return protobuf_begin(out, TRACE_PACKET);
}

static void add_clock(struct buffer *out, unsigned id, uint64_t ns)
{
	size_t clock = protobuf_begin(out, SNAPSHOT_CLOCKS);

	protobuf_add_varint(out, CLOCK_ID, id);
	protobuf_add_varint(out, CLOCK_TIMESTAMP, ns);
	protobuf_end(out, clock);
}

/* RFC 3339 in UTC, as trace_start has it, in ns since 1970. */
static bool parse_time(const char *text, uint64_t *ret_ns)
{
	struct tm date = { 0 };
	unsigned long ns;
	const char *rest;
	char *end;

	rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S.", &date) : NULL;
	if (!rest || strspn(rest, "0123456789") != 9)
		return false;
	ns = strtoul(rest, &end, 10);
	if (strcmp(end, "Z") || date.tm_year < 70)
		return false;
	*ret_ns = (uint64_t)timegm(&date) * 1000000000u + ns;
	return true;
}

/*
 * Times are those of the trace, which begins at 0: so they can be compared with
 * ts_ns. They stand in the place of BOOTTIME, Perfetto's default clock.
 */
static void write_start(struct lane_writer *writer, const json_t *trace_start)
{
	struct buffer *out = get_out(writer);
	size_t packet, snapshot;
	uint64_t ns;

	packet = begin_packet(out);
	protobuf_add_varint(out, PACKET_SEQUENCE, SEQUENCE);
	protobuf_add_varint(out, PACKET_SEQUENCE_FLAGS, CLEARED_STATE);
	snapshot = protobuf_begin(out, PACKET_CLOCK_SNAPSHOT);
	add_clock(out, CLOCK_IS_BOOTTIME, 0);
	if (parse_time(json_member_text(trace_start, "start_time"), &ns))
		add_clock(out, CLOCK_IS_REALTIME, ns);
	protobuf_end(out, snapshot);
	protobuf_end(out, packet);
}

static size_t begin_track(struct buffer *out, uint64_t uuid)
{
	size_t track = protobuf_begin(out, PACKET_TRACK_DESCRIPTOR);

	protobuf_add_varint(out, TRACK_UUID, uuid);
	return track;
}

static void write_process(struct lane_writer *writer,
			  const struct lane_process *process)
{
	struct buffer *out = get_out(writer);
	size_t packet = begin_packet(out);
	size_t track = begin_track(out, UUID_PROCESS + process->id);
	size_t descriptor = protobuf_begin(out, TRACK_PROCESS);
	const char *name = json_string_value(json_array_get(process->argv, 0));

	protobuf_add_varint(out, PROCESS_PID, (uint64_t)process->pid);
	for (size_t i = 0; i < json_array_size(process->argv); i++) {
		const json_t *word = json_array_get(process->argv, i);

		if (json_is_string(word))
			protobuf_add_string(out, PROCESS_CMDLINE,
					    json_string_value(word));
	}
	protobuf_add_string(out, PROCESS_NAME, name ? name : "process");
	protobuf_end(out, descriptor);
	protobuf_add_varint(out, TRACK_CHILD_ORDERING, EXPLICIT_ORDER);
	protobuf_end(out, track);
	protobuf_end(out, packet);
}

/* The user lane is the thread itself; the others are tracks beside it. */
static void write_lane(struct lane_writer *writer, const struct lane *lane,
		       const struct lane_process *process)
{
	struct buffer *out = get_out(writer);
	size_t packet = begin_packet(out);
	size_t track = begin_track(out, UUID_LANE + lane->id), thread;

	protobuf_add_varint(out, TRACK_PARENT_UUID, UUID_PROCESS + process->id);
	if (lane->kind == LANE_USER) {
		thread = protobuf_begin(out, TRACK_THREAD);
		protobuf_add_varint(out, THREAD_PID, (uint64_t)lane->pid);
		protobuf_add_varint(out, THREAD_TID, (uint64_t)lane->tid);
		protobuf_add_string(out, THREAD_NAME, lane->name);
		protobuf_end(out, thread);
	} else {
		protobuf_add_string(out, TRACK_NAME, lane->name);
	}
	protobuf_add_varint(out, TRACK_SIBLING_ORDER_RANK, lane->id);
	protobuf_end(out, track);
	protobuf_end(out, packet);
}

static void add_annotation(struct buffer *out, unsigned field,
			   const char *name, const json_t *value, int depth);

static void add_members(struct buffer *out, const json_t *value, int depth)
{
	const char *key;
	json_t *member;

	json_member_foreach(value, key, member)
		add_annotation(out, ANNOTATION_DICT, key, member, depth + 1);
	for (size_t i = 0; i < json_array_size(value); i++)
		add_annotation(out, ANNOTATION_ARRAY, NULL,
			       json_array_get(value, i), depth + 1);
}

/* What has no type of its own here, or is too deep, as JSON. */
static void add_json(struct buffer *out, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	protobuf_add_string(out, ANNOTATION_STRING, text ? text : "?");
	free(text);
}

static void add_value(struct buffer *out, const json_t *value, int depth)
{
	if (json_is_object(value) || json_is_array(value)) {
		if (depth < DEPTH_MAX)
			add_members(out, value, depth);
		else
			add_json(out, value);
	} else if (json_is_string(value)) {
		protobuf_add_bytes(out, ANNOTATION_STRING,
				   json_string_value(value),
				   json_string_length(value));
	} else if (json_is_integer(value)) {
		protobuf_add_varint(out, ANNOTATION_INT,
				    (uint64_t)json_integer_value(value));
	} else if (json_is_boolean(value)) {
		protobuf_add_varint(out, ANNOTATION_BOOL,
				    json_is_true(value));
	} else if (json_is_real(value)) {
		protobuf_add_double(out, ANNOTATION_DOUBLE,
				    json_real_value(value));
	} else {
		add_json(out, value);
	}
}

static void add_annotation(struct buffer *out, unsigned field,
			   const char *name, const json_t *value, int depth)
{
	size_t annotation = protobuf_begin(out, field);

	if (name)
		protobuf_add_string(out, ANNOTATION_NAME, name);
	add_value(out, value, depth);
	protobuf_end(out, annotation);
}

static void add_arguments(struct buffer *out, const json_t *arguments)
{
	const char *key;
	json_t *member;

	json_member_foreach(arguments, key, member)
		add_annotation(out, EVENT_DEBUG_ANNOTATIONS, key, member, 0);
}

static void add_arrows(struct buffer *out, const struct lane_slice *slice)
{
	if (slice->arrow_out)
		protobuf_add_fixed64(out, EVENT_FLOW_IDS, slice->arrow_out);
	if (slice->arrow_in)
		protobuf_add_fixed64(out, EVENT_TERMINATING_FLOW_IDS,
				     slice->arrow_in);
}

/* `slice` has name, arrows and arguments; NULL at a slice's end. */
static void write_event(struct buffer *out, const struct lane *lane,
			uint64_t ns, unsigned type,
			const struct lane_slice *slice)
{
	size_t packet = begin_packet(out), event;

	protobuf_add_varint(out, PACKET_TIMESTAMP, ns);
	protobuf_add_varint(out, PACKET_SEQUENCE, SEQUENCE);
	event = protobuf_begin(out, PACKET_TRACK_EVENT);
	protobuf_add_varint(out, EVENT_TYPE, type);
	protobuf_add_varint(out, EVENT_TRACK_UUID, UUID_LANE + lane->id);
	if (slice) {
		protobuf_add_string(out, EVENT_CATEGORIES, slice->category);
		protobuf_add_string(out, EVENT_NAME, slice->name);
		add_arrows(out, slice);
		add_arguments(out, slice->arguments);
	}
	protobuf_end(out, event);
	protobuf_end(out, packet);
}

static void write_slice(struct lane_writer *writer,
			const struct lane_slice *slice, bool is_instant)
{
	struct buffer *out = get_out(writer);

	write_event(out, slice->lane, slice->begin_ns,
		    is_instant ? TYPE_INSTANT : TYPE_SLICE_BEGIN, slice);
	if (!is_instant)
		write_event(out, slice->lane, slice->end_ns, TYPE_SLICE_END,
			    NULL);
}

/* A Trace is its packets, and has no end of its own. */
static void finish(struct lane_writer *writer)
{
	free(writer);
}

struct lane_writer *perfetto_writer_new(struct buffer *out)
{
	struct perfetto_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		log_die("out of memory: the Perfetto writer");
	writer->head = (struct lane_writer){
		write_start, write_process, write_lane, write_slice, finish,
	};
	writer->out = out;
	return &writer->head;
}
