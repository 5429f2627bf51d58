#include "sink/statistics.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json_member.h"
#include "base/log.h"

#define PAGE_MASK 0xfffull

struct statistics *statistics_new(void)
{
	struct statistics *statistics = calloc(1, sizeof(*statistics));

	if (!statistics)
		log_die("out of memory: the statistics");
	statistics->places = json_object();
	return statistics;
}

size_t statistics_count(const struct statistics *statistics,
			enum statistics_table table)
{
	return statistics->rows[table].length / sizeof(void *);
}

struct statistics_row *statistics_get(const struct statistics *statistics,
				      enum statistics_table table, size_t i)
{
	struct statistics_row *row;

	memcpy(&row, statistics->rows[table].data + i * sizeof(row),
	       sizeof(row));
	return row;
}

static struct statistics_row *add_row(struct statistics *statistics,
				      enum statistics_table table,
				      const char *name)
{
	struct statistics_row *row = calloc(1, sizeof(*row));

	if (!row || !(row->name = strdup(name)))
		log_die("out of memory: the statistics");
	buffer_add(&statistics->rows[table], &row, sizeof(row));
	return row;
}

/* The row of this name, which is new when it has counted nothing. */
static struct statistics_row *find_row(struct statistics *statistics,
				       enum statistics_table table,
				       const char *name)
{
	struct buffer key = BUFFER_EMPTY;
	struct statistics_row *row;
	const json_t *place;

	buffer_add_char(&key, (char)('0' + table));
	buffer_add_string(&key, name);
	place = json_object_get(statistics->places, buffer_string(&key));
	if (place) {
		row = statistics_get(statistics, table,
				     (size_t)json_integer_value(place));
	} else {
		json_object_set_new_nocheck(
			statistics->places, buffer_string(&key),
			json_integer((json_int_t)statistics_count(statistics,
								  table)));
		row = add_row(statistics, table, name);
	}
	buffer_free(&key);
	return row;
}

static uint64_t get_u64(const json_t *object, const char *key)
{
	uint64_t value = 0;

	json_member_u64(object, key, &value);
	return value;
}

static json_int_t get_integer(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static bool has_failed(const json_t *event)
{
	return json_is_string(json_object_get(event, "errno"));
}

/* A call of `ns`, under the row. */
static void count(struct statistics_row *row, const json_t *event, uint64_t ns)
{
	row->count++;
	row->errors += has_failed(event);
	row->total_ns += ns;
}

/* Requests without a name are told apart by number. */
static void count_ioctl(struct statistics *statistics, const json_t *event,
			uint64_t ns)
{
	const char *name = json_member_text(event, "name");
	const char *cmd = json_member_text(event, "cmd");
	struct statistics_row *row;
	char unknown[32];

	if (!name)
		name = "unknown";
	/* A longer one is no request, and cutting it might spoil its UTF-8. */
	if (cmd && strlen(cmd) < 20 && !strcmp(name, "unknown")) {
		snprintf(unknown, sizeof(unknown), "unknown %s", cmd);
		name = unknown;
	}
	row = find_row(statistics, STATISTICS_IOCTLS, name);
	count(row, event, ns);
	distribution_add(&row->times, ns);
	statistics->calls++;
	statistics->errors += has_failed(event);
	statistics->total_ns += ns;
}

static void count_place(struct statistics *statistics,
			enum statistics_table table, uint64_t place,
			bool is_write, uint64_t bytes, uint64_t ns)
{
	static const char *const words[2][2] = {
		{ "in", "out" }, { "read", "write" },
	};
	struct statistics_row *row;
	char name[48];

	snprintf(name, sizeof(name), "0x%llx %s", (unsigned long long)place,
		 words[table == STATISTICS_MMIO][is_write]);
	row = find_row(statistics, table, name);
	row->place = place;
	row->is_write = is_write;
	row->count++;
	row->bytes += bytes;
	row->total_ns += ns;
}

static void count_exit(struct statistics *statistics, const json_t *event,
		       uint64_t ns)
{
	const json_t *exit = json_object_get(event, "exit");
	const char *reason = json_member_text(exit, "reason");
	const json_t *io = json_object_get(exit, "io");
	const json_t *mmio = json_object_get(exit, "mmio");
	uint64_t place;

	if (!reason)
		return;
	count(find_row(statistics, STATISTICS_EXITS, reason), event, ns);
	statistics->exits++;
	if (json_member_u64(io, "port", &place))
		count_place(statistics, STATISTICS_PORTS, place,
			    get_u64(io, "direction") != 0,
			    get_u64(io, "size") * get_u64(io, "count"), ns);
	if (json_member_u64(mmio, "phys_addr", &place))
		count_place(statistics, STATISTICS_MMIO, place & ~PAGE_MASK,
			    get_u64(mmio, "is_write") != 0,
			    get_u64(mmio, "len"), ns);
}

static void count_vcpu(struct statistics *statistics, const json_t *event,
		       uint64_t ns)
{
	json_int_t vm = 0, vcpu = get_integer(event, "vcpu");
	bool has_vm = json_member_integer(event, "vm", &vm);
	struct statistics_row *row;
	char name[64];

	if (has_vm)
		snprintf(name, sizeof(name), "vm%lld/vcpu%lld", (long long)vm,
			 (long long)vcpu);
	else
		snprintf(name, sizeof(name), "vcpu%lld of an unknown VM",
			 (long long)vcpu);
	row = find_row(statistics, STATISTICS_VCPUS, name);
	row->has_vm = has_vm;
	row->ids[0] = vm;
	row->ids[1] = vcpu;
	count(row, event, ns);
}

static void count_thread(struct statistics *statistics, const json_t *event,
			 uint64_t ns, bool is_run)
{
	json_int_t pid = get_integer(event, "pid");
	json_int_t tid = get_integer(event, "tid");
	uint64_t begin = get_u64(event, "ts_ns");
	struct statistics_row *row;
	char name[64];

	snprintf(name, sizeof(name), "thread %lld of %lld", (long long)tid,
		 (long long)pid);
	row = find_row(statistics, STATISTICS_THREADS, name);
	row->ids[0] = pid;
	row->ids[1] = tid;
	/* A call has a line for each of the descriptors that it concerns. */
	if (!is_run && row->call_ns != begin)
		row->pending_ns += ns;
	row->call_ns = begin;
	if (!is_run)
		return;
	/* What was before the first KVM_RUN isn't counted. */
	if (row->count)
		row->other_ns += row->pending_ns;
	else
		row->begin_ns = begin;
	row->pending_ns = 0;
	row->end_ns = begin + ns;
	count(row, event, ns);
}

static void count_call(struct statistics *statistics, const json_t *event,
		       bool is_ioctl)
{
	uint64_t ns = get_u64(event, "dur_ns");
	bool is_run = is_ioctl && json_member_is(event, "name", "KVM_RUN") &&
		      json_member_is(event, "on", "vcpu");

	if (is_ioctl)
		count_ioctl(statistics, event, ns);
	count_thread(statistics, event, ns, is_run);
	if (!is_run)
		return;
	count_vcpu(statistics, event, ns);
	count_exit(statistics, event, ns);
}

void statistics_event(struct statistics *statistics, const json_t *event)
{
	bool is_ioctl = json_member_is(event, "type", "ioctl");
	uint64_t end = get_u64(event, "ts_ns") + get_u64(event, "dur_ns");

	statistics->events++;
	statistics->is_complete |= json_member_is(event, "type", "trace_end");
	if (end > statistics->end_ns)
		statistics->end_ns = end;
	if (is_ioctl || json_member_is(event, "type", "syscall"))
		count_call(statistics, event, is_ioctl);
}

uint64_t statistics_user_ns(const struct statistics_row *thread)
{
	uint64_t whole = thread->end_ns - thread->begin_ns;
	uint64_t calls = thread->total_ns + thread->other_ns;

	return thread->end_ns > thread->begin_ns && whole > calls ?
	       whole - calls : 0;
}

static int compare_rows(const void *left, const void *right)
{
	const struct statistics_row *a, *b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	if (a->total_ns != b->total_ns)
		return a->total_ns > b->total_ns ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void free_row(struct statistics_row *row)
{
	distribution_done(&row->times);
	free(row->name);
	free(row);
}

/* Threads that never ran a vCPU were kept only until that was known. */
static void drop_idle_threads(struct statistics *statistics)
{
	struct buffer *rows = &statistics->rows[STATISTICS_THREADS];
	size_t kept = 0, rows_there = statistics_count(statistics,
						       STATISTICS_THREADS);

	for (size_t i = 0; i < rows_there; i++) {
		struct statistics_row *row = statistics_get(
			statistics, STATISTICS_THREADS, i);

		if (!row->count) {
			free_row(row);
			continue;
		}
		memcpy(rows->data + kept++ * sizeof(row), &row, sizeof(row));
	}
	rows->length = kept * sizeof(struct statistics_row *);
}

void statistics_sort(struct statistics *statistics)
{
	drop_idle_threads(statistics);
	/* Rows leave the places that were noted for them. */
	json_object_clear(statistics->places);
	for (int table = 0; table < STATISTICS_TABLES; table++)
		if (statistics->rows[table].length)
			qsort(statistics->rows[table].data,
			      statistics_count(statistics, table),
			      sizeof(void *), compare_rows);
}

void statistics_free(struct statistics *statistics)
{
	for (int table = 0; table < STATISTICS_TABLES; table++) {
		for (size_t i = 0; i < statistics_count(statistics, table); i++)
			free_row(statistics_get(statistics, table, i));
		buffer_free(&statistics->rows[table]);
	}
	json_decref(statistics->places);
	free(statistics);
}
