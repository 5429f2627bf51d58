#include "sink/lanes_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json_member.h"
#include "base/log.h"

#define VCPU_NAME_BYTES 64

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

struct thread *lanes_find_thread(struct lanes *lanes, const json_t *event)
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

struct lane *lanes_find_lane(struct lanes *lanes, struct thread *thread,
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

/* Of a vCPU that came from elsewhere the VM is unknown. */
static void name_vcpu(char name[VCPU_NAME_BYTES], const json_t *event,
		      json_int_t vcpu)
{
	json_int_t vm;

	if (json_member_integer(event, "vm", &vm))
		snprintf(name, VCPU_NAME_BYTES, "vm%lld/vcpu%lld",
			 (long long)vm, (long long)vcpu);
	else
		snprintf(name, VCPU_NAME_BYTES, "vcpu%lld of an unknown VM",
			 (long long)vcpu);
}

/* A lane for each thread that runs it: two may wait for one vCPU at once. */
static struct lane *find_vcpu(struct lanes *lanes, const struct thread *thread,
			      const char *name)
{
	char key[128], owner[32] = "";
	struct lane *lane;

	snprintf(key, sizeof(key), "v%lld/%lld/%s",
		 (long long)thread->process->head.pid, (long long)thread->tid,
		 name);
	lane = find_thing(lanes, key, &lanes->vcpus);
	if (lane)
		return lane;
	lane = add_thing(&lanes->vcpus, sizeof(*lane));
	begin_lane(lanes, lane, thread, LANE_VCPU);
	/* The first one needs no thread in its name. */
	snprintf(key, sizeof(key), "n%s", name);
	if (json_object_get(lanes->places, key))
		snprintf(owner, sizeof(owner), " by %lld",
			 (long long)thread->tid);
	json_object_set_new(lanes->places, key, json_true());
	snprintf(lane->name, sizeof(lane->name),
		 "%s%s: in KVM_RUN (guest + kernel)", name, owner);
	lanes->writer->lane(lanes->writer, lane, &thread->process->head);
	return lane;
}

struct lane *lanes_find_call_lane(struct lanes *lanes, struct thread *thread,
				   const json_t *event)
{
	char name[VCPU_NAME_BYTES];
	json_int_t vcpu;

	if (!json_member_is(event, "name", "KVM_RUN") ||
	    !json_member_integer(event, "vcpu", &vcpu))
		return lanes_find_lane(lanes, thread, LANE_KERNEL);
	name_vcpu(name, event, vcpu);
	return find_vcpu(lanes, thread, name);
}

size_t lanes_count_processes(const struct lanes *lanes)
{
	return count_things(&lanes->processes);
}

struct process *lanes_get_process(const struct lanes *lanes, size_t i)
{
	return get_thing(&lanes->processes, i);
}

void lanes_free(struct lanes *lanes)
{
	for (size_t i = 0; i < count_things(&lanes->threads); i++) {
		struct thread *thread = get_thing(&lanes->threads, i);

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
