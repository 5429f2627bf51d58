#include "decode/stats.h"

#include <linux/kvm.h>
#include <string.h>

#include "abi/tables.h"
#include "decode/decode.h"

static void decode_struct(struct json_writer *json, const char *key,
			  const struct abi_type *type,
			  const struct decode_source *source)
{
	json_begin_object(json, key);
	decode_members(json, type, source);
}

/* One descriptor: the structure, and its name behind it. */
static void decode_descriptor(struct json_writer *json,
			      const struct kvm_stats_header *header,
			      const uint8_t *bytes)
{
	const char *name = (const char *)bytes + sizeof(struct kvm_stats_desc);
	struct decode_source source = {
		.bytes = bytes,
		.length = sizeof(struct kvm_stats_desc),
		.phase = PHASE_AFTER,
	};

	decode_struct(json, NULL, &abi_type_stats_desc, &source);
	json_add_text(json, "name", name, strnlen(name, header->name_size));
	json_end_object(json);
}

static void decode_descriptors(struct json_writer *json,
			       const struct kvm_stats_header *header,
			       const struct decode_source *source)
{
	uint64_t size = sizeof(struct kvm_stats_desc) +
			(uint64_t)header->name_size;
	uint64_t at = header->desc_offset;

	json_begin_array(json, "descriptors");
	for (uint32_t i = 0; i < header->num_desc && size <= source->length &&
	     at <= source->length - size; i++, at += size)
		decode_descriptor(json, header, source->bytes + at);
	json_end_array(json);
}

void decode_stats(struct json_writer *json, const struct record *record)
{
	const struct record_part *part = record_find_part(
		record, PART_STATS, PHASE_AFTER, 0);
	struct decode_source source = { .phase = PHASE_AFTER };
	struct kvm_stats_header header;

	if (!part || part->length < sizeof(header))
		return;
	source.bytes = record_part_bytes(record, part);
	source.length = part->length;
	memcpy(&header, source.bytes, sizeof(header));
	json_begin_object(json, "out");
	decode_struct(json, "header", &abi_type_stats_header, &source);
	json_end_object(json);
	decode_descriptors(json, &header, &source);
	json_end_object(json);
}
