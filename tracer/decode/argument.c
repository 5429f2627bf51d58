#include "decode/decode.h"

#include <asm/ioctl.h>
#include <errno.h>

/* An argument that is no pointer; too large for its type, it stays hex. */
static void decode_value(struct json_writer *json,
			 const struct abi_field *field, uint64_t argument)
{
	size_t size = argument >> 32 ? 8 : field->size;

	json_begin_object(json, "in");
	if (field->kind == ABI_FLAGS)
		decode_flags(json, field->name, field->names, argument, size);
	else if (field->kind == ABI_ENUM)
		decode_enum(json, field->name, field->names, argument, size);
	else
		decode_number(json, field->name, argument, size);
	json_end_object(json);
}

/* Of a request that no row knows: the raw bytes and what its number says. */
static void decode_unknown(struct json_writer *json,
			   const struct record *record,
			   const struct record_part *part)
{
	static const char *const directions[] = { "none", "write", "read",
						  "read_write" };
	uint32_t request = record_request(record);

	json_add_string(json, "direction", directions[_IOC_DIR(request)]);
	json_add_unsigned(json, "size", _IOC_SIZE(request));
	decode_bytes(json, "bytes", record_part_bytes(record, part),
		     part->length);
}

/*
 * After E2BIG KVM has written how many elements there are, and no more
 * (api.rst 4.6, 4.46, 4.114): the rest is what the program had there.
 */
static void decode_wanted_count(struct json_writer *json,
				const struct abi_type *type,
				const struct abi_field *tail,
				const struct decode_source *source)
{
	for (const struct abi_field *field = type->fields; field < tail;
	     field++)
		if (field->offset == tail->length.offset)
			decode_member(json, field, source);
}

/* The counted array at a structure's end, or NULL. */
static const struct abi_field *find_tail(const struct abi_type *type)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		if (type->fields[i].is_counted && !type->fields[i].count)
			return &type->fields[i];
	return NULL;
}

static void decode_typed(struct json_writer *json, const struct record *record,
			 const struct abi_type *type,
			 const struct decode_source *source)
{
	const struct abi_field *tail = find_tail(type);

	if (tail && source->phase == PHASE_AFTER && record->result == -E2BIG)
		decode_wanted_count(json, type, tail, source);
	else
		decode_members(json, type, source);
}

void decode_argument(struct json_writer *json, const struct record *record,
		     const struct abi_ioctl *row, const struct abi_type *type,
		     enum record_phase phase)
{
	const struct record_part *part = record_find_part(
		record, PART_ARGUMENT, phase, 0);
	struct decode_source source = { .record = record, .phase = phase };

	if (row && row->value && phase == PHASE_BEFORE) {
		decode_value(json, row->value, record->argument);
		return;
	}
	if (!part || !part->length)
		return;
	json_begin_object(json, phase == PHASE_BEFORE ? "in" : "out");
	source.bytes = record_part_bytes(record, part);
	source.length = part->length;
	source.is_partial = row && row->result == RESULT_COUNT &&
			    phase == PHASE_AFTER;
	source.done = record->result > 0 ? (uint32_t)record->result : 0;
	if (type)
		decode_typed(json, record, type, &source);
	else
		decode_unknown(json, record, part);
	json_end_object(json);
}
