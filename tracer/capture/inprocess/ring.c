#include "capture/inprocess/ring.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23	/* Linux 5.14, <asm-generic/mman-common.h> */
#endif
#define POPULATE_BYTES (256u << 10)

/*
 * How far into the ring this position is: where a record may begin, whatever
 * the origin is. The agent moves it only when it finds everything read, and
 * before the head that comes after.
 */
static uint64_t offset_of(const struct ring *ring, uint64_t position)
{
	uint64_t origin = __atomic_load_n(&ring->slot->origin,
					  __ATOMIC_RELAXED);

	return (position - origin) & (RING_BYTES - RECORD_UNIT);
}

static void populate(struct ring *ring)
{
	uint64_t head = __atomic_load_n(&ring->slot->head, __ATOMIC_RELAXED);
	uint8_t *bytes = (uint8_t *)ring->slot + SLOT_RING;

	while (ring->populated < RING_BYTES &&
	       ring->populated < offset_of(ring, head) + POPULATE_BYTES) {
		/* Older kernels: the pages come one by one. */
		madvise(bytes + ring->populated, POPULATE_BYTES,
			MADV_POPULATE_WRITE);
		ring->populated += POPULATE_BYTES;
	}
}

void ring_open(struct ring *ring, struct slot_head *slot)
{
	memset(slot, 0, sizeof(*slot));
	*ring = (struct ring){ .slot = slot };
	populate(ring);
}

bool ring_was_full(struct ring *ring)
{
	return __atomic_exchange_n(&ring->slot->full, 0, __ATOMIC_RELAXED);
}

static const uint8_t *place_of(const struct ring *ring, uint64_t position)
{
	return (const uint8_t *)ring->slot + SLOT_RING +
	       offset_of(ring, position);
}

/* The agent's count is not believed. */
void ring_begin(struct ring *ring)
{
	uint64_t head = __atomic_load_n(&ring->slot->head, __ATOMIC_ACQUIRE);
	uint64_t waiting = head - ring->tail;

	if (waiting > RING_BYTES || waiting % RECORD_UNIT)
		ring->is_broken = true;
	ring->limit = head;
	populate(ring);
}

/* Bytes that wait to be read. */
static uint64_t count_waiting(const struct ring *ring)
{
	return ring->is_broken ? 0 : ring->limit - ring->tail;
}

bool ring_peek(const struct ring *ring, uint64_t *ret_end_tsc)
{
	if (!count_waiting(ring))
		return false;
	memcpy(ret_end_tsc, place_of(ring, ring->tail) + RECORD_END,
	       sizeof(*ret_end_tsc));
	return true;
}

static bool is_size(uint64_t size, uint64_t most)
{
	return size >= RECORD_SECTIONS && size <= RECORD_MAX && size <= most;
}

/*
 * `size` and `length` are checked; what is copied may change meanwhile, and is
 * all we use.
 */
static void copy_record(const uint8_t *from, uint32_t size, uint32_t length,
			struct ring_record *ret)
{
	memcpy(&ret->head, from, RECORD_SECTIONS);
	ret->head.size = size;
	ret->head.length = length;
	ret->length = length - RECORD_SECTIONS;
	memcpy(ret->sections, from + RECORD_SECTIONS, ret->length);
}

/*
 * RECORD_SIZE and, in the upper half, RECORD_LENGTH. Atomic, or the compiler
 * might read them once for the check and again for the copy.
 */
static uint64_t read_sizes(const uint8_t *from)
{
	return __atomic_load_n((const uint64_t *)from, __ATOMIC_RELAXED);
}

int ring_read(struct ring *ring, struct ring_record *ret)
{
	uint64_t waiting = count_waiting(ring);
	const uint8_t *from;
	uint32_t size, length;
	uint64_t sizes;

	if (ring->is_broken)
		return -EPROTO;
	if (!waiting)
		return -ENODATA;
	from = place_of(ring, ring->tail);
	sizes = read_sizes(from);
	size = (uint32_t)sizes;
	length = (uint32_t)(sizes >> 32);
	if (!is_size(size, waiting) || size % RECORD_UNIT ||
	    !is_size(length, size)) {
		ring->is_broken = true;
		return -EPROTO;
	}
	copy_record(from, size, length, ret);
	ring->tail += size;
	__atomic_store_n(&ring->slot->tail, ring->tail, __ATOMIC_RELEASE);
	return 0;
}

int ring_read_open(const struct ring *ring, uint64_t slot_address,
		   struct ring_record *ret)
{
	uint64_t head = __atomic_load_n(&ring->slot->head, __ATOMIC_ACQUIRE);
	uint64_t start = slot_address + SLOT_RING + offset_of(ring, head);
	uint64_t cursor = __atomic_load_n(&ring->slot->cursor,
					  __ATOMIC_RELAXED);

	uint64_t length = cursor - start;

	if (ring->is_broken || !is_size(length, RECORD_MAX))
		return -EPROTO;
	copy_record(place_of(ring, head), 0, (uint32_t)length, ret);
	return 0;
}

bool ring_next_section(const struct ring_record *record, uint32_t *at,
		       struct ring_section *ret)
{
	const uint8_t *head = record->sections + *at;
	uint32_t left = record->length - *at;
	uint32_t length;

	if (*at > record->length || left < SECTION_HEAD)
		return false;
	memcpy(&length, head + 4, sizeof(length));
	if (length > left - SECTION_HEAD)
		return false;
	memcpy(&ret->kind, head, sizeof(ret->kind));
	ret->length = length;
	ret->bytes = head + SECTION_HEAD;
	*at += SECTION_HEAD + (length + 7) / 8 * 8;
	return true;
}
