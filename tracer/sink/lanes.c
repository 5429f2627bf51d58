#include "sink/lanes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"
#include "base/log.h"
#include "sink/lane_names.h"

#define PROGRAM "program"
#define HANDLE "handle "
#define NAME_MAX_BYTES 80

struct process {
	struct lane_process head;
	struct thread *open;	/* its threads that may be in user space */
};

struct thread {
	struct process *process;
	struct thread *next;	/* in the list of the process */
	bool is_listed;
	struct lane *user, *kernel;	/* NULL: not told yet */
	json_int_t tid;
	bool is_in_user;
	uint64_t since_ns;	/* where its next slice may begin */
	uint64_t arrow;		/* that leads to the user slice; 0: none */
	char name[NAME_MAX_BYTES];	/* of the user slice */
};

struct lanes {
	struct lane_writer *writer;
	bool has_flow;
	json_t *argv;		/* of the first process */
	json_t *places;		/* "p1", "t1/2", "v1/2/0/0": where in arrays */
	struct buffer processes, threads, vcpus;	/* of pointers */
	uint64_t lane_count, arrow_count;
	uint64_t last_ns;	/* the latest moment of the trace so far */
	struct buffer name;
};

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

/* A new zeroed thing of `size`, its pointer at the end of the array. */
static void *add_thing(struct buffer *pointers, size_t size)
{
	void *thing = calloc(1, size);

	if (!thing)
		log_die("out of memory: the lanes");
	buffer_add(pointers, &thing, sizeof(thing));
	return thing;
}

static size_t count_things(const struct buffer *pointers)
{
	return pointers->length / sizeof(void *);
}

static void *get_thing(const struct buffer *pointers, size_t place)
{
	void *thing;

	memcpy(&thing, pointers->data + place * sizeof(thing), sizeof(thing));
	return thing;
}

static void free_things(struct buffer *pointers)
{
	for (size_t i = 0; i < count_things(pointers); i++)
		free(get_thing(pointers, i));
	buffer_free(pointers);
}

/* The thing under this key; NULL: there is none, and the next gets the key. */
static void *find_thing(struct lanes *lanes, const char *key,
			const struct buffer *pointers)
{
	const json_t *place = json_object_get(lanes->places, key);

	if (place)
		return get_thing(pointers, (size_t)json_integer_value(place));
	json_object_set_new(lanes->places, key, json_integer(
		(json_int_t)count_things(pointers)));
	return NULL;
}

static struct process *find_process(struct lanes *lanes, json_int_t pid)
{
	struct process *process;
	char key[32];

	snprintf(key, sizeof(key), "p%lld", (long long)pid);
	process = find_thing(lanes, key, &lanes->processes);
	if (process)
		return process;
	process = add_thing(&lanes->processes, sizeof(*process));
	process->head.pid = pid;
	process->head.id = count_things(&lanes->processes);
	/* The trace's own argv is that of the process it began with. */
	process->head.argv = process->head.id == 1 ? lanes->argv : NULL;
	lanes->writer->process(lanes->writer, &process->head);
	return process;
}

static struct thread *find_thread(struct lanes *lanes, const json_t *event)
{
	json_int_t pid = 0, tid = 0;
	struct thread *thread;
	char key[64];

	json_member_integer(event, "pid", &pid);
	if (!json_member_integer(event, "tid", &tid))
		tid = pid;
	snprintf(key, sizeof(key), "t%lld/%lld", (long long)pid,
		 (long long)tid);
	thread = find_thing(lanes, key, &lanes->threads);
	if (thread)
		return thread;
	thread = add_thing(&lanes->threads, sizeof(*thread));
	thread->process = find_process(lanes, pid);
	thread->tid = tid;
	strcpy(thread->name, PROGRAM);
	return thread;
}

static void begin_lane(struct lanes *lanes, struct lane *lane,
		       const struct thread *thread, enum lane_kind kind)
{
	lane->kind = kind;
	lane->pid = thread->process->head.pid;
	lane->tid = thread->tid;
	lane->id = ++lanes->lane_count;
}

/* A lane of the thread's own, told when it is first needed. */
static struct lane *find_lane(struct lanes *lanes, struct thread *thread,
			      enum lane_kind kind)
{
	struct lane **place = kind == LANE_USER ? &thread->user
						: &thread->kernel;

	if (*place)
		return *place;
	*place = calloc(1, sizeof(**place));
	if (!*place)
		log_die("out of memory: the lanes");
	begin_lane(lanes, *place, thread, kind);
	snprintf((*place)->name, sizeof((*place)->name), "thread %lld: %s",
		 (long long)thread->tid, kind == LANE_USER ?
		 "user space, untraced calls" : "kernel (calls to KVM)");
	lanes->writer->lane(lanes->writer, *place, &thread->process->head);
	return *place;
}

/* A vCPU's lane; of each thread that runs it, as two may wait for it at once. */
static struct lane *find_vcpu(struct lanes *lanes, const struct thread *thread,
			      json_int_t vm, json_int_t vcpu)
{
	char key[128], owner[32] = "";
	struct lane *lane;

	snprintf(key, sizeof(key), "v%lld/%lld/%lld/%lld",
		 (long long)thread->process->head.pid, (long long)thread->tid,
		 (long long)vm, (long long)vcpu);
	lane = find_thing(lanes, key, &lanes->vcpus);
	if (lane)
		return lane;
	lane = add_thing(&lanes->vcpus, sizeof(*lane));
	begin_lane(lanes, lane, thread, LANE_VCPU);
	/* The first one needs no thread in its name. */
	snprintf(key, sizeof(key), "n%lld/%lld", (long long)vm,
		 (long long)vcpu);
	if (json_object_get(lanes->places, key))
		snprintf(owner, sizeof(owner), " by %lld",
			 (long long)thread->tid);
	json_object_set_new(lanes->places, key, json_true());
	snprintf(lane->name, sizeof(lane->name),
		 "vm%lld/vcpu%lld%s: in KVM_RUN (guest + kernel)",
		 (long long)vm, (long long)vcpu, owner);
	lanes->writer->lane(lanes->writer, lane, &thread->process->head);
	return lane;
}

static struct lane *find_call_lane(struct lanes *lanes, struct thread *thread,
				   const json_t *event)
{
	json_int_t vm = 0, vcpu;

	if (!json_member_is(event, "name", "KVM_RUN") ||
	    !json_member_integer(event, "vcpu", &vcpu))
		return find_lane(lanes, thread, LANE_KERNEL);
	json_member_integer(event, "vm", &vm);
	return find_vcpu(lanes, thread, vm, vcpu);
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
		.arrow_out = is_going_on ? ++lanes->arrow_count : 0,
	};

	if (!thread->is_in_user) {
		lanes->arrow_count -= is_going_on;
		return 0;
	}
	slice.lane = find_lane(lanes, thread, LANE_USER);
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

static void add_call(struct lanes *lanes, const json_t *event)
{
	struct thread *thread = find_thread(lanes, event);
	bool has_result = json_object_get(event, "ret") != NULL;
	uint64_t begin = 0, duration = 0;
	const char *next;
	struct lane_slice slice = { .process = &thread->process->head };
	json_t *arguments = lane_names_new_arguments(event, lanes->has_flow);

	json_member_u64(event, "ts_ns", &begin);
	json_member_u64(event, "dur_ns", &duration);
	slice.arrow_in = leave_user(lanes, thread, begin, true);
	slice.lane = find_call_lane(lanes, thread, event);
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
		.category = lane->kind == LANE_USER ? "user" : "guest",
		.arguments = arguments,
	};

	json_member_u64(event, "ts_ns", &slice.begin_ns);
	slice.end_ns = slice.begin_ns;
	note_moment(lanes, slice.begin_ns);
	lanes->writer->slice(lanes->writer, &slice, true);
	json_decref(arguments);
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
	struct thread *thread = find_thread(lanes, event);
	const char *what = json_member_text(event, "event");
	uint64_t ns = 0;

	json_member_u64(event, "ts_ns", &ns);
	if (json_member_is(event, "event", "exit"))
		end_process(lanes, thread->process, ns);
	add_instant(lanes, event, find_lane(lanes, thread, LANE_USER), thread,
		    what ? what : "process");
}

static void add_console(struct lanes *lanes, const json_t *event)
{
	struct thread *thread = find_thread(lanes, event);

	add_instant(lanes, event, find_lane(lanes, thread, LANE_USER), thread,
		    "console");
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
		{ "ioctl", add_call },
		{ "syscall", add_call },
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
	struct thread *thread;

	for (size_t i = 0; i < count_things(&lanes->processes); i++)
		end_process(lanes, get_thing(&lanes->processes, i),
			    lanes->last_ns);
	lanes->writer->finish(lanes->writer);
	for (size_t i = 0; i < count_things(&lanes->threads); i++) {
		thread = get_thing(&lanes->threads, i);
		free(thread->user);
		free(thread->kernel);
	}
	free_things(&lanes->processes);
	free_things(&lanes->threads);
	free_things(&lanes->vcpus);
	json_decref(lanes->argv);
	json_decref(lanes->places);
	buffer_free(&lanes->name);
	free(lanes);
}
