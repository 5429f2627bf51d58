/*
 * A thread's ring: memory as the agent writes it (agent_code.S, `commit`) is
 * read back, and memory as a hostile program writes it harms nobody. The slot
 * lies between pages that can't be touched.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "capture/inprocess/ring.h"

#define PAGE 4096
#define AGENTS_ADDRESS ((uint64_t)AGENT_SHARED)	/* of the slot */
#define BEYOND (UINT64_C(1) << 63)

struct place {
	uint8_t *pages;
	struct slot_head *slot;
	struct ring ring;
	struct ring_record *record;	/* a heap's, so that ASan sees its end */
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	place->pages = mmap(NULL, SLOT_BYTES + 2 * PAGE, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(place->pages, MAP_FAILED);
	place->slot = (struct slot_head *)(place->pages + PAGE);
	assert_int_equal(mprotect(place->slot, SLOT_BYTES,
				  PROT_READ | PROT_WRITE), 0);
	place->record = malloc(sizeof(*place->record));
	ring_open(&place->ring, place->slot);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	munmap(place->pages, SLOT_BYTES + 2 * PAGE);
	free(place->record);
	free(place);
	return 0;
}

static uint8_t *bytes_at(const struct place *place, uint64_t position)
{
	return (uint8_t *)place->slot + SLOT_RING +
	       ((position - place->slot->origin) & (RING_BYTES - 1));
}

static void write_sizes(struct place *place, uint32_t size, uint32_t length)
{
	uint8_t *at = bytes_at(place, place->slot->head);

	memcpy(at + RECORD_SIZE, &size, sizeof(size));
	memcpy(at + RECORD_LENGTH, &length, sizeof(length));
}

/* Is there room for the longest? Where the agent would look. */
static bool begin(struct place *place)
{
	struct slot_head *slot = place->slot;

	if (slot->head == slot->tail)
		slot->origin = slot->head;
	return slot->head - slot->tail <= RING_BYTES - RECORD_MAX;
}

/* A record of that many bytes, all of which tell its number. */
static bool put(struct place *place, uint32_t length, uint8_t number)
{
	uint32_t size = (length + RECORD_UNIT - 1) / RECORD_UNIT * RECORD_UNIT;

	if (!begin(place))
		return false;
	memset(bytes_at(place, place->slot->head), number, length);
	write_sizes(place, size, length);
	place->slot->head += size;
	return true;
}

static void assert_next(struct place *place, uint32_t length, uint8_t number)
{
	struct ring_record *record = place->record;
	uint64_t expected = UINT64_C(0x0101010101010101) * number, tsc;

	ring_begin(&place->ring);
	assert_true(ring_peek(&place->ring, &tsc));
	assert_int_equal(tsc, expected);
	assert_int_equal(ring_read(&place->ring, record), 0);
	assert_int_equal(record->length, length - RECORD_SECTIONS);
	assert_int_equal(record->head.start_tsc, expected);
	assert_int_equal(record->head.run_bytes, expected);
	for (uint32_t i = 0; i < record->length; i++)
		assert_int_equal(record->sections[i], number);
	assert_int_equal(place->slot->tail, place->ring.tail);
}

static void assert_empty(struct place *place)
{
	uint64_t tsc = 42;

	ring_begin(&place->ring);
	assert_false(ring_peek(&place->ring, &tsc));
	assert_int_equal(tsc, 42);
	assert_int_equal(ring_read(&place->ring, place->record), -ENODATA);
	assert_int_equal(place->slot->tail, place->slot->head);
}

/* Refused, and nothing is read of it ever after; the tail stays. */
static void assert_broken(struct place *place)
{
	uint64_t tail = place->ring.tail, tsc;

	for (int i = 0; i < 2; i++) {
		ring_begin(&place->ring);
		assert_int_equal(ring_read(&place->ring, place->record),
				 -EPROTO);
		assert_false(ring_peek(&place->ring, &tsc));
		assert_int_equal(place->ring.tail, tail);
		place->slot->head = place->ring.tail;
	}
	assert_int_equal(ring_read_open(&place->ring, AGENTS_ADDRESS,
					place->record), -EPROTO);
}

static void test_empty(void **state)
{
	struct place *place = *state;

	assert_empty(place);
	assert_empty(place);
}

/* Who feeds the reader for ever is not read for ever. */
static void test_what_comes_meanwhile_waits(void **state)
{
	struct place *place = *state;
	uint64_t tsc;

	put(place, 96, 1);
	ring_begin(&place->ring);
	put(place, 96, 2);
	assert_int_equal(ring_read(&place->ring, place->record), 0);
	assert_false(ring_peek(&place->ring, &tsc));
	assert_int_equal(ring_read(&place->ring, place->record), -ENODATA);
	assert_next(place, 96, 2);
}

static void test_one(void **state)
{
	struct place *place = *state;
	static const uint32_t lengths[] = {
		RECORD_SECTIONS, RECORD_SECTIONS + 1, 96, 97, 1000,
		RECORD_MAX - 1, RECORD_MAX,
	};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		assert_true(put(place, lengths[i], (uint8_t)(i + 1)));
		assert_next(place, lengths[i], (uint8_t)(i + 1));
		assert_empty(place);
	}
}

/* Each time that all is read, the agent starts at the ring's beginning. */
static void test_origin_moves(void **state)
{
	struct place *place = *state;

	for (unsigned int i = 0; i < 3 * RING_BYTES / RECORD_MAX; i++) {
		assert_true(put(place, RECORD_MAX, (uint8_t)i));
		assert_int_equal(place->slot->origin, i * RECORD_MAX);
		assert_ptr_equal(bytes_at(place, place->ring.tail),
				 (uint8_t *)place->slot + SLOT_RING);
		assert_next(place, RECORD_MAX, (uint8_t)i);
	}
	assert_empty(place);
}

/* The reader is always some records behind, so the origin stays. */
static void test_many_turns(void **state)
{
	struct place *place = *state;
	unsigned int written = 0, read = 0, beyond = 0;

	while (written < 5 * RING_BYTES / 5000) {
		uint64_t offset = place->slot->head & (RING_BYTES - 1);

		beyond += offset + 5000 > RING_BYTES;
		assert_true(put(place, 5000, (uint8_t)written++));
		if (written > 100)
			assert_next(place, 5000, (uint8_t)read++);
	}
	assert_int_equal(place->slot->origin, 0);
	assert_true(beyond >= 4);
	while (read < written)
		assert_next(place, 5000, (uint8_t)read++);
	assert_empty(place);
}

/* The agent stops when the longest record has no room; nothing is lost. */
static void test_full(void **state)
{
	struct place *place = *state;
	unsigned int written = 0;

	while (put(place, RECORD_MAX, (uint8_t)written))
		written++;
	assert_int_equal(written, RING_BYTES / RECORD_MAX);
	assert_int_equal(place->slot->head, RING_BYTES);
	ring_begin(&place->ring);
	assert_next(place, RECORD_MAX, 0);
	assert_true(put(place, RECORD_MAX, (uint8_t)written));
	for (unsigned int i = 1; i <= written; i++)
		assert_next(place, RECORD_MAX, (uint8_t)i);
	assert_empty(place);
}

/* The last byte of the slot is the last one's that begins in the ring. */
static void test_past_the_end(void **state)
{
	struct place *place = *state;
	const uint64_t last = RING_BYTES - RECORD_UNIT;

	/* One that waits keeps the origin where it is. */
	place->slot->head = last - RECORD_MAX;
	place->slot->tail = place->ring.tail = last - RECORD_MAX;
	place->slot->origin = 0;
	memset(bytes_at(place, place->slot->head), 1, RECORD_MAX);
	write_sizes(place, RECORD_MAX, RECORD_MAX);
	place->slot->head += RECORD_MAX;
	assert_true(put(place, RECORD_MAX, 2));
	assert_true(put(place, RECORD_MAX, 3));
	for (uint8_t i = 1; i <= 3; i++)
		assert_next(place, RECORD_MAX, i);
	assert_empty(place);
}

/* What comes after 2^64 bytes. */
static void test_counts_wrap(void **state)
{
	struct place *place = *state;

	place->slot->head = place->slot->tail = place->ring.tail =
		-(uint64_t)RECORD_MAX;
	for (uint8_t i = 0; i < 5; i++)
		assert_true(put(place, RECORD_MAX, i));
	for (uint8_t i = 0; i < 5; i++)
		assert_next(place, RECORD_MAX, i);
	assert_int_equal(place->ring.tail, 4 * RECORD_MAX);
}

/* The slot's tail is the agent's to read; ours is what counts. */
static void test_tail_is_not_believed(void **state)
{
	struct place *place = *state;

	put(place, 100, 1);
	place->slot->tail = UINT64_MAX;
	assert_next(place, 100, 1);
	place->slot->tail = BEYOND;
	ring_begin(&place->ring);
	assert_int_equal(ring_read(&place->ring, place->record), -ENODATA);
	assert_int_equal(place->ring.tail, 112);
}

static void test_hostile_heads(void **state)
{
	struct place *place = *state;
	static const uint64_t heads[] = {
		1, 8, RECORD_UNIT - 1, RING_BYTES + RECORD_UNIT, BEYOND,
		UINT64_MAX, -(uint64_t)RECORD_UNIT, RING_BYTES + 1,
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		ring_open(&place->ring, place->slot);
		place->slot->head = heads[i];
		ring_begin(&place->ring);
		assert_broken(place);
	}
}

/* A head behind the tail: it was taken back. */
static void test_head_goes_back(void **state)
{
	struct place *place = *state;

	put(place, 200, 1);
	assert_next(place, 200, 1);
	place->slot->head -= RECORD_UNIT;
	assert_broken(place);
}

struct sizes {
	uint32_t size, length;
};

static void test_hostile_sizes(void **state)
{
	struct place *place = *state;
	static const struct sizes all[] = {
		{ 0, 0 }, { 0, 96 }, { RECORD_UNIT, RECORD_UNIT }, { 80, 80 },
		{ 88, 88 }, { 97, 96 }, { 104, 96 },
		{ RECORD_MAX + RECORD_UNIT, 96 }, { UINT32_MAX, 96 },
		{ UINT32_MAX - 15, 96 }, { 1u << 31, 96 },
		/* Larger than what waits, 4096. */
		{ 4096 + RECORD_UNIT, 96 }, { RECORD_MAX, 96 },
		{ 96, 0 }, { 96, RECORD_SECTIONS - 1 }, { 96, 97 },
		{ 96, RECORD_MAX }, { 4096, 4097 }, { 4096, UINT32_MAX },
		{ 4096, 1u << 31 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		ring_open(&place->ring, place->slot);
		write_sizes(place, all[i].size, all[i].length);
		place->slot->head = 4096;
		assert_broken(place);
	}
}

/* Any origin leads into the ring, to a place where a record may begin. */
static void test_hostile_origins(void **state)
{
	struct place *place = *state;
	static const uint64_t origins[] = {
		1, 15, RECORD_UNIT, RING_BYTES - 1, RING_BYTES, BEYOND,
		UINT64_MAX, 0x123456789abcdef1,
	};

	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		uint64_t tsc;

		ring_open(&place->ring, place->slot);
		memset((uint8_t *)place->slot + SLOT_RING, 0,
		       RING_BYTES + RECORD_MAX);
		place->slot->head = RECORD_MAX;
		place->slot->origin = origins[i];
		place->slot->cursor = AGENTS_ADDRESS + SLOT_RING;
		ring_begin(&place->ring);
		assert_true(ring_peek(&place->ring, &tsc));
		ring_read_open(&place->ring, AGENTS_ADDRESS, place->record);
		assert_broken(place);
	}
}

static int read_open(struct place *place, uint64_t bytes)
{
	place->slot->cursor = AGENTS_ADDRESS + SLOT_RING +
		((place->slot->head - place->slot->origin) &
		 (RING_BYTES - 1)) + bytes;
	return ring_read_open(&place->ring, AGENTS_ADDRESS, place->record);
}

/* The call that is under way, behind one that waits to be read. */
static void test_open(void **state)
{
	struct place *place = *state;

	put(place, 500, 1);
	memset(bytes_at(place, place->slot->head), 7, 300);
	assert_int_equal(read_open(place, 300), 0);
	assert_int_equal(place->record->length, 300 - RECORD_SECTIONS);
	assert_int_equal(place->record->head.fd, 0x07070707);
	assert_int_equal(place->record->sections[211], 7);
	assert_int_equal(read_open(place, RECORD_SECTIONS), 0);
	assert_int_equal(place->record->length, 0);
	assert_int_equal(read_open(place, RECORD_MAX), 0);
	assert_next(place, 500, 1);
}

/* In a full ring's last place too. */
static void test_open_past_the_end(void **state)
{
	struct place *place = *state;

	place->slot->head = place->ring.tail = place->slot->tail =
		RING_BYTES - RECORD_UNIT;
	assert_int_equal(read_open(place, RECORD_MAX), 0);
	assert_int_equal(place->record->length, RECORD_MAX - RECORD_SECTIONS);
}

static void test_hostile_cursors(void **state)
{
	struct place *place = *state;
	static const uint64_t cursors[] = {
		0, 1, RECORD_SECTIONS - 1, RECORD_MAX + 1, BEYOND,
		UINT64_MAX, -(uint64_t)RECORD_MAX, UINT64_C(1) << 32,
		(UINT64_C(1) << 32) + RECORD_SECTIONS,
	};

	for (size_t i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++)
		assert_int_equal(read_open(place, cursors[i]), -EPROTO);
	place->slot->cursor = 0;
	assert_int_equal(ring_read_open(&place->ring, AGENTS_ADDRESS,
					place->record), -EPROTO);
	/* Its nonsense is that call's alone. */
	assert_empty(place);
}

static void add_section(struct ring_record *record, uint32_t kind,
			uint32_t length, uint32_t bytes)
{
	uint8_t *at = record->sections + record->length;

	memcpy(at, &kind, sizeof(kind));
	memcpy(at + 4, &length, sizeof(length));
	memset(at + SECTION_HEAD, (int)kind, bytes);
	record->length += SECTION_HEAD + bytes;
}

static void assert_section(const struct ring_record *record, uint32_t *at,
			   uint32_t kind, uint32_t length)
{
	struct ring_section section;

	assert_true(ring_next_section(record, at, &section));
	assert_int_equal(section.kind, kind);
	assert_int_equal(section.length, length);
	for (uint32_t i = 0; i < length; i++)
		assert_int_equal(section.bytes[i], kind);
}

static void assert_no_section(const struct ring_record *record, uint32_t *at)
{
	struct ring_section section = { 42, 42, NULL };
	uint32_t before = *at;

	assert_false(ring_next_section(record, at, &section));
	assert_int_equal(*at, before);
	assert_int_equal(section.kind, 42);
	assert_int_equal(section.length, 42);
	assert_null(section.bytes);
}

static void test_sections(void **state)
{
	struct ring_record *record = ((struct place *)*state)->record;
	uint32_t at = 0;

	record->length = 0;
	assert_no_section(record, &at);
	add_section(record, SECTION_STACK, 48, 48);
	add_section(record, SECTION_RUN_BEFORE, 0, 0);
	add_section(record, SECTION_DATA_BEFORE, 3, 8);
	add_section(record, SECTION_RUN_AFTER, 9, 9);
	assert_section(record, &at, SECTION_STACK, 48);
	assert_section(record, &at, SECTION_RUN_BEFORE, 0);
	assert_section(record, &at, SECTION_DATA_BEFORE, 3);
	/* The padding behind the last one is not in the record. */
	assert_section(record, &at, SECTION_RUN_AFTER, 9);
	assert_true(at > record->length);
	assert_no_section(record, &at);
}

static void test_hostile_sections(void **state)
{
	struct ring_record *record = ((struct place *)*state)->record;
	static const uint32_t lengths[] = {
		41, 48, RECORD_MAX, INT32_MAX, UINT32_MAX - 7, UINT32_MAX - 6,
		UINT32_MAX,
	};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint32_t at = 0;

		record->length = 0;
		add_section(record, SECTION_STACK, 8, 8);
		add_section(record, SECTION_RING, lengths[i], 40);
		assert_section(record, &at, SECTION_STACK, 8);
		assert_no_section(record, &at);
	}
	for (uint32_t length = 0; length < SECTION_HEAD; length++) {
		uint32_t at = 0;

		record->length = length;
		assert_no_section(record, &at);
	}
}

/* The whole of the longest record as one section, and one byte more. */
static void test_longest_section(void **state)
{
	struct ring_record *record = ((struct place *)*state)->record;
	const uint32_t most = RECORD_MAX - RECORD_SECTIONS - SECTION_HEAD;
	uint32_t at = 0;

	record->length = 0;
	add_section(record, SECTION_RING, most, most);
	assert_section(record, &at, SECTION_RING, most);
	assert_no_section(record, &at);
	record->length = at = 0;
	add_section(record, SECTION_RING, most + 1, most);
	assert_no_section(record, &at);
}

struct scribbler {
	struct place *place;
	int is_over;
};

/* Sizes that are right, too long and too short, head, origin and cursor. */
static void *scribble(void *context)
{
	static const uint32_t values[] = { 96, 0, RECORD_MAX, UINT32_MAX,
					   4096, 1 };
	struct scribbler *scribbler = context;
	struct slot_head *slot = scribbler->place->slot;
	uint32_t *words = (uint32_t *)((uint8_t *)slot + SLOT_RING);
	uint64_t i = 0;

	while (!__atomic_load_n(&scribbler->is_over, __ATOMIC_RELAXED)) {
		uint32_t value = values[i % 6];

		__atomic_store_n(&words[0], value, __ATOMIC_RELAXED);
		__atomic_store_n(&words[1], values[i % 7 % 6],
				 __ATOMIC_RELAXED);
		__atomic_store_n(&slot->origin, i % 11 ? 0 : value,
				 __ATOMIC_RELAXED);
		__atomic_store_n(&slot->cursor, AGENTS_ADDRESS + SLOT_RING +
				 value, __ATOMIC_RELAXED);
		i++;
	}
	return NULL;
}

static void read_once(struct place *place, unsigned int *reads)
{
	struct ring_record *record = place->record;

	place->ring.is_broken = false;
	place->ring.tail = 0;
	__atomic_store_n(&place->slot->head, RECORD_MAX, __ATOMIC_RELAXED);
	ring_begin(&place->ring);
	if (!ring_read(&place->ring, record)) {
		assert_in_range(record->length, 0,
				RECORD_MAX - RECORD_SECTIONS);
		assert_in_range(place->ring.tail, 96, RECORD_MAX);
		/* The head says what was checked, not what came after. */
		assert_int_equal(record->head.size, place->ring.tail);
		assert_int_equal(record->head.length,
				 record->length + RECORD_SECTIONS);
		(*reads)++;
	}
	place->ring.is_broken = false;
	if (!ring_read_open(&place->ring, AGENTS_ADDRESS, record))
		assert_in_range(record->length, 0,
				RECORD_MAX - RECORD_SECTIONS);
}

/* Values that change between two reads. */
static void test_scribbled_meanwhile(void **state)
{
	struct scribbler scribbler = { .place = *state };
	unsigned int reads = 0;
	pthread_t thread;

	pthread_create(&thread, NULL, scribble, &scribbler);
	/* The other thread may be late. */
	for (int i = 0; i < 200000 || (!reads && i < 500000000); i++)
		read_once(scribbler.place, &reads);
	__atomic_store_n(&scribbler.is_over, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	assert_true(reads > 0);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_empty), TEST(test_what_comes_meanwhile_waits),
		TEST(test_one), TEST(test_origin_moves),
		TEST(test_many_turns), TEST(test_full),
		TEST(test_past_the_end), TEST(test_counts_wrap),
		TEST(test_tail_is_not_believed), TEST(test_hostile_heads),
		TEST(test_head_goes_back), TEST(test_hostile_sizes),
		TEST(test_hostile_origins), TEST(test_open),
		TEST(test_open_past_the_end), TEST(test_hostile_cursors),
		TEST(test_sections), TEST(test_hostile_sections),
		TEST(test_longest_section), TEST(test_scribbled_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
