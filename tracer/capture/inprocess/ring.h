/*
 * Reading a thread's ring. The traced process writes it and may write anything,
 * at any time: how far the ring is read is kept here, every length is
 * checked, and a record is copied before a byte of it is believed.
 */
#ifndef CAPTURE_INPROCESS_RING_H
#define CAPTURE_INPROCESS_RING_H

#include <stdbool.h>

#include "capture/inprocess/layout.h"

struct ring {
	struct slot_head *slot;	/* SLOT_BYTES, shared */
	uint64_t tail;		/* bytes read so far, not believed from the slot */
	uint64_t limit;		/* … to be read: the head when reading began */
	bool is_broken;		/* it held nonsense: nothing more is read */
	uint64_t populated;	/* bytes of it that have memory */
};

/* One record: its head, and `length` bytes of sections behind it. */
struct ring_record {
	struct ring_head head;
	uint32_t length;
	uint8_t sections[RECORD_MAX];
};

struct ring_section {
	uint32_t kind;		/* SECTION_… */
	uint32_t length;
	const uint8_t *bytes;	/* in the record */
};

/* Begin with an empty slot. */
void ring_open(struct ring *ring, struct slot_head *slot);

/*
 * Begin to read what is there now; what comes meanwhile waits for the next
 * time. Sees that there is memory behind the ring for some time ahead: the
 * traced process would wait for each page otherwise.
 */
void ring_begin(struct ring *ring);

/* Has the agent found the ring full since this was asked last? */
bool ring_was_full(struct ring *ring);

/*
 * When the next record's call ended; false: there is none. The number decides
 * about order only.
 */
bool ring_peek(const struct ring *ring, uint64_t *ret_end_tsc);

/* Take the next record out. 0, -ENODATA: none, -EPROTO: nonsense. */
int ring_read(struct ring *ring, struct ring_record *ret);

/*
 * The record of the call that is under way, as far as it was written before
 * the call. `slot_address` is the slot's address in the traced process.
 */
int ring_read_open(const struct ring *ring, uint64_t slot_address,
		   struct ring_record *ret);

/*
 * The section at *at, which moves behind it; start with 0. False at the end or
 * at one that leaves the record.
 */
bool ring_next_section(const struct ring_record *record, uint32_t *at,
		       struct ring_section *ret);

#endif
