#include "capture/inprocess/ring.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23	/* Linux 5.14, <asm-generic/mman-common.h> */
#endif
#define POPULATE_BYTES (256u << 10)

/*
 * How far into the ring this position is. The agent moves the origin only
 * when it finds everything read, and before the head that comes after.
 */
static uint64_t offset_of(const struct ring *ring, uint64_t position)
{
	uint64_t origin = __atomic_load_n(&ring->slot->origin,
					  __ATOMIC_RELAXED);

	return (position - origin) & (RING_BYTES - 1);
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

/* `length` is checked; what is copied may change meanwhile, and is all we use. */
static void copy_record(const uint8_t *from, uint32_t length,
			struct ring_record *ret)
{
	memcpy(&ret->head, from, RECORD_SECTIONS);
	ret->length = length - RECORD_SECTIONS;
	memcpy(ret->sections, from + RECORD_SECTIONS, ret->length);
}

int ring_read(struct ring *ring, struct ring_record *ret)
{
	uint64_t waiting = count_waiting(ring);
	const uint8_t *from;
	uint32_t size, length;

	if (ring->is_broken)
		return -EPROTO;
	if (!waiting)
		return -ENODATA;
	from = place_of(ring, ring->tail);
	memcpy(&size, from + RECORD_SIZE, sizeof(size));
	memcpy(&length, from + RECORD_LENGTH, sizeof(length));
	if (!is_size(size, waiting) || size % RECORD_UNIT ||
	    !is_size(length, size)) {
		ring->is_broken = true;
		return -EPROTO;
	}
	copy_record(from, length, ret);
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

	if (ring->is_broken || !is_size(cursor - start, RECORD_MAX))
		return -EPROTO;
	copy_record(place_of(ring, head), (uint32_t)(cursor - start), ret);
	return 0;
}

bool ring_next_section(const struct ring_record *record, uint32_t *at,
		       struct ring_section *ret)
{
	uint32_t left = record->length - *at;

	if (*at > record->length || left < SECTION_HEAD)
		return false;
	memcpy(&ret->kind, record->sections + *at, 4);
	memcpy(&ret->length, record->sections + *at + 4, 4);
	ret->bytes = record->sections + *at + SECTION_HEAD;
	if (ret->length > left - SECTION_HEAD)
		return false;
	*at += SECTION_HEAD + (ret->length + 7) / 8 * 8;
	return true;
}
