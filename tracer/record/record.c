#include "record/record.h"

/* What an ordinary call needs; larger buffers go back after use. */
#define RECORD_KEEP_BYTES (1 << 20)

void record_reset(struct record *record, enum record_kind kind)
{
	struct buffer bytes = record->bytes;

	/* A record of a large argument must not pin its memory for ever. */
	if (bytes.capacity > RECORD_KEEP_BYTES)
		buffer_free(&bytes);
	memset(record, 0, offsetof(struct record, parts));
	record->kind = kind;
	record->fd = -1;
	record->made_fd = -1;
	record->bytes = bytes;
	buffer_reset(&record->bytes);
}

void record_free(struct record *record)
{
	buffer_free(&record->bytes);
}

struct record_part *record_add_part(struct record *record,
				    enum record_part_kind kind,
				    enum record_phase phase, uint32_t at,
				    uint32_t wanted)
{
	struct record_part *part;

	if (record->part_count == RECORD_PARTS_MAX)
		return NULL;
	part = &record->parts[record->part_count++];
	*part = (struct record_part){
		.kind = (uint8_t)kind,
		.phase = (uint8_t)phase,
		.at = at,
		.wanted = wanted,
		.length = wanted,
		.offset = record->bytes.length,
	};
	buffer_reserve(&record->bytes, wanted);
	record->bytes.length += wanted;
	return part;
}

void record_extend_part(struct record *record, uint32_t extra)
{
	struct record_part *part = &record->parts[record->part_count - 1];

	part->wanted += extra;
	part->length += extra;
	buffer_reserve(&record->bytes, extra);
	record->bytes.length += extra;
}

const struct record_part *record_find_part(const struct record *record,
					   enum record_part_kind kind,
					   enum record_phase phase,
					   uint32_t at)
{
	for (uint32_t i = 0; i < record->part_count; i++) {
		const struct record_part *part = &record->parts[i];

		if (part->kind == kind && part->phase == phase &&
		    part->at == at)
			return part;
	}
	return NULL;
}

const uint8_t *record_part_bytes(const struct record *record,
				 const struct record_part *part)
{
	return (const uint8_t *)record->bytes.data + part->offset;
}
