/*
 * A thread's slot as a hostile program leaves it, through the reading of
 * rings, the records that are made of them, and everything behind: session,
 * decoding, notes, and the lines as JSON and as text.
 *
 * The input: head, how much of that was read, origin, and the cursor less the
 * slot's address, as words; then what lies in the ring from the first unread
 * byte on. There is no process: callers aren't looked up.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <jansson.h>
#include <string.h>

#include "../unit/records.h"
#include "capture/engine.h"
#include "capture/inprocess/area.h"
#include "capture/inprocess/records.h"
#include "capture/inprocess/tsc.h"
#include "capture/space.h"
#include "session/session.h"
#include "sink/text.h"
#include "timeline.h"

struct input_head {
	uint64_t head, tail, origin, cursor;
};

/* What stands where the engine would, one for all inputs. */
struct bench {
	struct engine engine;
	struct process process;
	struct thread thread;
	struct tsc_clock clock;
	struct slot_head *slot;
	struct ring_record *scratch;
	struct record record;
};

/* A sink before the one that is wanted: each line must be an object. */
struct checker {
	struct line_sink head;
	struct line_sink *behind;
};

static void check_line(struct line_sink *sink, const char *json, size_t length)
{
	struct checker *checker = (struct checker *)sink;
	json_t *object = json_loadb(json, length, JSON_REJECT_DUPLICATES |
				    JSON_ALLOW_NUL, NULL);

	fuzz_expect(json_is_object(object), json);
	json_decref(object);
	checker->behind->ops->line(checker->behind, json, length);
}

static void finish_check(struct line_sink *sink)
{
	struct checker *checker = (struct checker *)sink;

	checker->behind->ops->finish(checker->behind);
}

static struct bench *make_bench(void)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	fuzz_expect(bench != NULL, "calloc");
	bench->engine.options.no_callers = true;
	bench->process.pid = bench->thread.tid = 100;
	bench->process.files = file_table_new(&bench->engine.registry, 100);
	bench->process.space = space_new();
	bench->thread.process = &bench->process;
	tsc_clock_init(&bench->clock, 0);
	/* Of the heap, so that sanitizers see its ends. */
	bench->slot = aligned_alloc(4096, SLOT_BYTES);
	bench->scratch = malloc(sizeof(*bench->scratch));
	fuzz_expect(bench->slot && bench->scratch, "malloc");
	memset(bench->slot, 0, SLOT_BYTES);
	return bench;
}

/* Files 1 to 3 are /dev/kvm, a VM, and a vCPU. */
static void begin_timeline(struct timeline *timeline, struct record *record)
{
	timeline_start(timeline, &(struct record_start){ .engine = "fuzz" });
	make_creation(record, &kvm_file, KVM_CREATE_VM, 0, &vm_file, 4);
	timeline_record(timeline, record);
	make_creation(record, &vm_file, KVM_CREATE_VCPU, 0, &vcpu_file, 5);
	timeline_record(timeline, record);
}

/*
 * The unread bytes, or zeros for NULL; what is behind the ring's end again at
 * its beginning, where the next record is.
 */
static void put(struct bench *bench, const struct input_head *head,
		const uint8_t *bytes, size_t size)
{
	uint8_t *ring = (uint8_t *)bench->slot + SLOT_RING;
	size_t offset = (head->tail - head->origin) & (RING_BYTES - 1);
	size_t room = RING_BYTES + RECORD_MAX - offset;

	if (size > room)
		size = room;
	for (size_t i = offset; i < offset + size; i++) {
		ring[i] = bytes ? bytes[i - offset] : 0;
		ring[i & (RING_BYTES - 1)] = ring[i];
	}
}

/* As rings.c and eviction.c do it. */
static void fill(struct bench *bench)
{
	struct record *record = &bench->record;
	const struct ring_head *head = &bench->scratch->head;

	fuzz_expect(bench->scratch->length <= RECORD_MAX - RECORD_SECTIONS,
		    "a record that is too long");
	records_fill(&bench->engine, &bench->thread, bench->scratch, record);
	record->start_ns = tsc_clock_ns(&bench->clock, head->start_tsc);
	record->end_ns = tsc_clock_ns(&bench->clock, head->end_tsc);
	if (record->end_ns < record->start_ns)
		record->end_ns = record->start_ns;
}

static void read_all(struct bench *bench, struct ring *ring,
		     struct timeline *timeline)
{
	uint64_t head = bench->slot->head, tsc;

	while (ring_peek(ring, &tsc)) {
		uint64_t tail = ring->tail;

		if (ring_read(ring, bench->scratch)) {
			fuzz_expect(ring->is_broken && ring->tail == tail,
				    "a refused record that was read");
			break;
		}
		fuzz_expect(head - ring->tail < head - tail, "past the head");
		fill(bench);
		timeline_record(timeline, &bench->record);
	}
	if (ring_read_open(ring, area_slot_address(0), bench->scratch))
		return;
	fill(bench);
	bench->record.unfinished = true;
	timeline_record(timeline, &bench->record);
}

static void run(struct bench *bench, const struct input_head *head,
		struct line_sink *sink)
{
	const struct timeline_options options = { .flow = true };
	struct session *session = session_new();
	struct timeline *timeline = timeline_new(&options, session, sink);
	struct ring ring = { .slot = bench->slot, .tail = head->tail };

	bench->slot->head = head->head;
	bench->slot->origin = head->origin;
	bench->slot->cursor = area_slot_address(0) + head->cursor;
	begin_timeline(timeline, &bench->record);
	ring_begin(&ring);
	read_all(bench, &ring, timeline);
	timeline_end(timeline, &(struct record_end){ 0 });
	sink->ops->finish(sink);
	timeline_free(timeline);
	session_free(session);
}

static void run_as(struct bench *bench, const struct input_head *head,
		   bool as_text)
{
	static const struct text_options text = { .flow = TEXT_FLOW_FULL };
	static const struct line_sink_ops ops = { check_line, finish_check };
	struct output output;
	struct checker checker = { .head.ops = &ops };

	output_init(&output, open("/dev/null", O_WRONLY | O_CLOEXEC));
	checker.behind = as_text ? text_sink_new(&output, &text)
				 : jsonl_sink_new(&output);
	run(bench, head, &checker.head);
	output_done(&output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bench *bench;
	struct input_head head;

	if (!bench)
		bench = make_bench();
	if (size < sizeof(head))
		return 0;
	memcpy(&head, data, sizeof(head));
	put(bench, &head, data + sizeof(head), size - sizeof(head));
	run_as(bench, &head, false);
	run_as(bench, &head, true);
	put(bench, &head, NULL, size - sizeof(head));
	return 0;
}
