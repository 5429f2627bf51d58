#include "sink/lanes_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"
#include "base/log.h"
#include "sink/lane_names.h"

#define HANDLE "handle "

struct lanes *lanes_new(struct lane_writer *writer, bool has_flow)
{
	struct lanes *lanes = calloc(1, sizeof(*lanes));

	if (!lanes)
		log_die("out of memory: the lanes");
	lanes->writer = writer;
	lanes->has_flow = has_flow;
	lanes->places = json_object();
	return lanes;
}

static void note_moment(struct lanes *lanes, uint64_t ns)
{
	if (ns > lanes->last_ns)
		lanes->last_ns = ns;
}

/* The thread leaves user space; the arrow to where it goes, 0: nowhere. */
static uint64_t leave_user(struct lanes *lanes, struct thread *thread,
			   uint64_t ns, bool is_going_on)
{
	struct lane_slice slice = {
		.process = &thread->process->head,
		.name = thread->name,
		.category = "user",
		.begin_ns = thread->since_ns,
		.end_ns = ns > thread->since_ns ? ns : thread->since_ns,
		.arrow_in = thread->arrow,
	};

	if (!thread->is_in_user)
		return 0;
	slice.lane = lanes_find_lane(lanes, thread, LANE_USER);
	slice.arrow_out = is_going_on ? ++lanes->arrow_count : 0;
	lanes->writer->slice(lanes->writer, &slice, false);
	thread->is_in_user = false;
	thread->since_ns = slice.end_ns;
	return slice.arrow_out;
}

/* The name's beginning, cut between characters of UTF-8. */
static void copy_name(char to[NAME_MAX_BYTES], const char *name)
{
	size_t length = strlen(name);

	if (length >= NAME_MAX_BYTES) {
		length = NAME_MAX_BYTES - 1;
		while (length && (name[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(to, name, length);
	to[length] = '\0';
}

static void enter_user(struct thread *thread, uint64_t ns, const char *name,
		       uint64_t arrow)
{
	struct process *process = thread->process;

	thread->is_in_user = true;
	thread->since_ns = ns;
	thread->arrow = arrow;
	copy_name(thread->name, name);
	if (thread->is_listed)
		return;
	thread->is_listed = true;
	thread->next = process->open;
	process->open = thread;
}

/* What the slice and the one behind it are called. */
static void name_call(struct lanes *lanes, const json_t *event, bool is_run,
		      const char **ret_slice, const char **ret_next)
{
	const char *name = json_member_text(event, "name");

	*ret_next = PROGRAM;
	*ret_slice = name ? name : "call";
	if (!is_run)
		return;
	buffer_reset(&lanes->name);
	buffer_add_string(&lanes->name, HANDLE);
	lane_names_add_run(&lanes->name, event);
	*ret_next = buffer_string(&lanes->name);
	*ret_slice = *ret_next + strlen(HANDLE);
}

static uint64_t add_saturating(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

/* Does a call that closes, copies or passes several descriptors go on? */
static bool is_same_call(struct thread *thread, const json_t *event,
			 uint64_t begin, uint64_t duration)
{
	bool is_same = thread->kernel && begin == thread->begin_ns &&
		       duration == thread->duration_ns &&
		       json_member_is(event, "type", "syscall");

	thread->begin_ns = begin;
	thread->duration_ns = duration;
	return is_same;
}

static void add_call(struct lanes *lanes, const json_t *event,
		     struct thread *thread, uint64_t begin, uint64_t duration)
{
	bool has_result = json_object_get(event, "ret") != NULL;
	const char *next;
	struct lane_slice slice = { .process = &thread->process->head };
	json_t *arguments = lane_names_new_arguments(event, lanes->has_flow);

	/* Above the others: viewers show lanes in the order they are told. */
	lanes_find_lane(lanes, thread, LANE_USER);
	slice.arrow_in = leave_user(lanes, thread, begin, true);
	slice.lane = lanes_find_call_lane(lanes, thread, event);
	name_call(lanes, event, slice.lane->kind == LANE_VCPU, &slice.name,
		  &next);
	slice.category = slice.lane->kind == LANE_VCPU ? "guest" : "kernel";
	slice.begin_ns = begin > thread->since_ns ? begin : thread->since_ns;
	slice.end_ns = add_saturating(begin, duration);
	if (slice.end_ns < slice.begin_ns)
		slice.end_ns = slice.begin_ns;
	slice.arrow_out = has_result ? ++lanes->arrow_count : 0;
	slice.arguments = arguments;
	note_moment(lanes, slice.end_ns);
	lanes->writer->slice(lanes->writer, &slice, false);
	json_decref(arguments);
	thread->since_ns = slice.end_ns;
	if (has_result)
		enter_user(thread, slice.end_ns, next, slice.arrow_out);
}

/* Moments: what a process does, and what the guest's console says. */
static void add_instant(struct lanes *lanes, const json_t *event,
			struct lane *lane, struct thread *thread,
			const char *name)
{
	json_t *arguments = lane_names_new_arguments(event, lanes->has_flow);
	struct lane_slice slice = {
		.lane = lane,
		.process = &thread->process->head,
		.name = name,
		.category = lane->kind == LANE_USER ? "user" : "kernel",
		.arguments = arguments,
	};

	json_member_u64(event, "ts_ns", &slice.begin_ns);
	slice.end_ns = slice.begin_ns;
	note_moment(lanes, slice.begin_ns);
	lanes->writer->slice(lanes->writer, &slice, true);
	json_decref(arguments);
}

/* A call has a line for each of the descriptors that it concerns. */
static void add_call_line(struct lanes *lanes, const json_t *event)
{
	struct thread *thread = lanes_find_thread(lanes, event);
	const char *name = json_member_text(event, "name");
	uint64_t begin = 0, duration = 0;

	json_member_u64(event, "ts_ns", &begin);
	json_member_u64(event, "dur_ns", &duration);
	if (is_same_call(thread, event, begin, duration))
		add_instant(lanes, event, thread->kernel, thread,
			    name ? name : "call");
	else
		add_call(lanes, event, thread, begin, duration);
}

static void end_process(struct lanes *lanes, struct process *process,
			uint64_t ns)
{
	struct thread *thread;

	while ((thread = process->open)) {
		process->open = thread->next;
		thread->is_listed = false;
		leave_user(lanes, thread, ns, false);
	}
}

static void add_process(struct lanes *lanes, const json_t *event)
{
	struct thread *thread = lanes_find_thread(lanes, event);
	const char *what = json_member_text(event, "event");
	uint64_t ns = 0;

	json_member_u64(event, "ts_ns", &ns);
	if (json_member_is(event, "event", "exit"))
		end_process(lanes, thread->process, ns);
	add_instant(lanes, event, lanes_find_lane(lanes, thread, LANE_USER),
		    thread, what ? what : "process");
}

static void add_console(struct lanes *lanes, const json_t *event)
{
	struct thread *thread = lanes_find_thread(lanes, event);

	add_instant(lanes, event, lanes_find_lane(lanes, thread, LANE_USER),
		    thread, "console");
}

static void add_start(struct lanes *lanes, const json_t *event)
{
	const json_t *argv = json_object_get(event, "argv");

	json_decref(lanes->argv);
	lanes->argv = json_is_array(argv) ?
		      json_incref((json_t *)(uintptr_t)argv) : NULL;
	lanes->writer->start(lanes->writer, event);
}

static void add_end(struct lanes *lanes, const json_t *event)
{
	uint64_t ns = 0;

	json_member_u64(event, "ts_ns", &ns);
	note_moment(lanes, ns);
}

void lanes_event(struct lanes *lanes, const json_t *event)
{
	static const struct {
		const char *type;
		void (*add)(struct lanes *lanes, const json_t *event);
	} types[] = {
		{ "ioctl", add_call_line },
		{ "syscall", add_call_line },
		{ "process", add_process },
		{ "console", add_console },
		{ "trace_start", add_start },
		{ "trace_end", add_end },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (json_member_is(event, "type", types[i].type))
			types[i].add(lanes, event);
}

void lanes_finish(struct lanes *lanes)
{
	for (size_t i = 0; i < lanes_count_processes(lanes); i++)
		end_process(lanes, lanes_get_process(lanes, i),
			    lanes->last_ns);
	lanes->writer->finish(lanes->writer);
	lanes_free(lanes);
}
