/*
 * Chrome's trace event format, the JSON that most viewers of timelines read
 * (the "Trace Event Format" document of the catapult project). Times are in
 * microseconds with three decimals. Slices are B and E, flat on their lanes, so
 * that no rounding can make them overlap; arrows are s and f, bound to the
 * slices that are open there. An id is one arrow's alone.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/json_writer.h"
#include "base/log.h"
#include "sink/lanes.h"

/* Lanes that are no threads, above what Linux gives to threads (2^22). */
#define LANE_TID 1000000000

struct chrome_writer {
	struct lane_writer head;
	struct buffer *out;
	json_t *trace_start;	/* NULL: none came */
	bool has_events;
};

static struct chrome_writer *get_writer(struct lane_writer *writer)
{
	return (struct chrome_writer *)writer;
}

static json_int_t get_tid(const struct lane *lane)
{
	return lane->kind == LANE_USER && lane->tid > 0 &&
	       lane->tid < LANE_TID ? lane->tid
				    : LANE_TID + (json_int_t)lane->id;
}

static struct json_writer begin_event(struct chrome_writer *chrome,
				      const char *phase, json_int_t pid,
				      json_int_t tid)
{
	struct json_writer json = json_writer_on(chrome->out);

	buffer_add_string(chrome->out, chrome->has_events ? ",\n"
			  : "{\"traceEvents\":[\n");
	chrome->has_events = true;
	json_begin_object(&json, NULL);
	json_add_string(&json, "ph", phase);
	json_add_signed(&json, "pid", pid);
	json_add_signed(&json, "tid", tid);
	return json;
}

static struct json_writer begin_timed(struct chrome_writer *chrome,
				      const char *phase,
				      const struct lane *lane, uint64_t ns)
{
	struct json_writer json = begin_event(chrome, phase, lane->pid,
					      get_tid(lane));

	buffer_add_format(chrome->out, ",\"ts\":%" PRIu64 ".%03u", ns / 1000,
			  (unsigned)(ns % 1000));
	return json;
}

static int add_dumped(const char *text, size_t length, void *out)
{
	buffer_add(out, text, length);
	return 0;
}

/* A document of the trace's own, behind its key. */
static void add_document(struct buffer *out, const char *key,
			 const json_t *document)
{
	buffer_add_format(out, ",\"%s\":", key);
	json_dump_callback(document, add_dumped, out,
			   JSON_COMPACT | JSON_ENSURE_ASCII);
}

static void write_start(struct lane_writer *writer, const json_t *trace_start)
{
	struct chrome_writer *chrome = get_writer(writer);

	json_decref(chrome->trace_start);
	chrome->trace_start = json_incref((json_t *)(uintptr_t)trace_start);
}

static void write_metadata(struct chrome_writer *chrome, const char *what,
			   json_int_t pid, json_int_t tid, const char *key,
			   const char *text, uint64_t number)
{
	struct json_writer json = begin_event(chrome, "M", pid, tid);

	json_add_string(&json, "name", what);
	json_begin_object(&json, "args");
	if (text)
		json_add_string(&json, key, text);
	else
		json_add_unsigned(&json, key, number);
	json_end_object(&json);
	json_end_object(&json);
}

static void write_process(struct lane_writer *writer,
			  const struct lane_process *process)
{
	const char *name = json_string_value(json_array_get(process->argv, 0));

	write_metadata(get_writer(writer), "process_name", process->pid, 0,
		       "name", name ? name : "process", 0);
}

static void write_lane(struct lane_writer *writer, const struct lane *lane,
		       const struct lane_process *process)
{
	struct chrome_writer *chrome = get_writer(writer);
	json_int_t tid = get_tid(lane);

	write_metadata(chrome, "thread_name", process->pid, tid, "name",
		       lane->name, 0);
	write_metadata(chrome, "thread_sort_index", process->pid, tid,
		       "sort_index", NULL, lane->id);
}

/* Bound to the slice around it, which is open at its begin and its end. */
static void write_arrow(struct chrome_writer *chrome, const struct lane *lane,
			uint64_t ns, uint64_t arrow, bool is_start)
{
	struct json_writer json = begin_timed(chrome, is_start ? "s" : "f",
					      lane, ns);

	json_add_string(&json, "name", "goes on");
	json_add_string(&json, "cat", "flow");
	json_add_unsigned(&json, "id", arrow);
	if (!is_start)
		json_add_string(&json, "bp", "e");
	json_end_object(&json);
}

static void write_begin(struct chrome_writer *chrome,
			const struct lane_slice *slice, bool is_instant)
{
	struct json_writer json = begin_timed(chrome, is_instant ? "i" : "B",
					      slice->lane, slice->begin_ns);

	json_add_string(&json, "name", slice->name);
	json_add_string(&json, "cat", slice->category);
	if (is_instant)
		json_add_string(&json, "s", "t");
	if (slice->arguments)
		add_document(chrome->out, "args", slice->arguments);
	json_end_object(&json);
}

static void write_slice(struct lane_writer *writer,
			const struct lane_slice *slice, bool is_instant)
{
	struct chrome_writer *chrome = get_writer(writer);
	struct json_writer json;

	write_begin(chrome, slice, is_instant);
	if (is_instant)
		return;
	if (slice->arrow_in)
		write_arrow(chrome, slice->lane, slice->begin_ns,
			    slice->arrow_in, false);
	if (slice->arrow_out)
		write_arrow(chrome, slice->lane, slice->end_ns,
			    slice->arrow_out, true);
	json = begin_timed(chrome, "E", slice->lane, slice->end_ns);
	json_end_object(&json);
}

static void finish(struct lane_writer *writer)
{
	struct chrome_writer *chrome = get_writer(writer);

	buffer_add_string(chrome->out, chrome->has_events ? "\n]"
			  : "{\"traceEvents\":[]");
	if (chrome->trace_start)
		add_document(chrome->out, "otherData", chrome->trace_start);
	buffer_add_string(chrome->out, "}\n");
	json_decref(chrome->trace_start);
	free(chrome);
}

struct lane_writer *chrome_writer_new(struct buffer *out)
{
	struct chrome_writer *chrome = calloc(1, sizeof(*chrome));

	if (!chrome)
		log_die("out of memory: the Chrome writer");
	chrome->head = (struct lane_writer){
		write_start, write_process, write_lane, write_slice, finish,
	};
	chrome->out = out;
	return &chrome->head;
}
