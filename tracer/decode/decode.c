#include "decode/decode.h"

#include <string.h>

static int64_t sign_extend(uint64_t value, size_t size)
{
	unsigned int shift = size < 8 ? 64 - 8 * (unsigned int)size : 0;

	return (int64_t)(value << shift) >> shift;
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i])
			return false;
	return true;
}

/* What the bytes at `offset` of the source are the start of. */
static struct decode_source source_at(const struct decode_source *source,
				      uint32_t offset, uint32_t length)
{
	struct decode_source inner = *source;

	inner.bytes += offset;
	inner.base += offset;
	inner.length = length < source->length - offset ?
		       length : source->length - offset;
	return inner;
}

static void decode_struct(struct json_writer *json, const char *key,
			  const struct abi_type *type,
			  const struct decode_source *source)
{
	json_begin_object(json, key);
	decode_members(json, type, source);
	json_end_object(json);
}

static void decode_union(struct json_writer *json,
			 const struct abi_field *field,
			 const struct decode_source *source)
{
	const struct abi_arm *arm = abi_find_arm(field->arms, source->bytes,
						 source->length);
	const struct abi_type *type = arm ? arm->type : field->arms->otherwise;
	struct decode_source inner = source_at(
		source, field->offset, (uint32_t)field->size * field->count);

	if (arm && arm->name && type)
		decode_struct(json, arm->name, type, &inner);
	else if (type)
		decode_members(json, type, &inner);
	else if (!arm && !field->is_view)
		decode_bytes(json, field->name, inner.bytes, inner.length);
}

/* What a pointer's target is made of; NULL: bytes without a form. */
static const struct abi_type *target_type(const struct abi_field *field,
					  const struct decode_source *source)
{
	const struct abi_arm *arm;

	if (field->kind == ABI_POINTED)
		return field->type;
	if (field->kind != ABI_POINTED_UNION)
		return NULL;
	arm = abi_find_arm(field->arms, source->bytes, source->length);
	return arm ? arm->type : field->arms->otherwise;
}

static void decode_target(struct json_writer *json,
			  const struct abi_field *field,
			  const struct abi_type *type,
			  const struct decode_source *target)
{
	char key[DECODE_KEY_BYTES];

	if (field->kind == ABI_POINTED_BITS) {
		decode_bit_ranges(json, decode_key(key, field->name, "_bits"),
				  target->bytes, target->length);
		return;
	}
	if (!type) {
		decode_bytes(json, field->name, target->bytes, target->length);
		return;
	}
	decode_key(key, field->name, "_data");
	if (!field->is_array) {
		decode_struct(json, key, type, target);
		return;
	}
	json_begin_array(json, key);
	for (uint32_t at = 0; type->size && at < target->length;
	     at += type->size) {
		struct decode_source one = source_at(target, at, type->size);

		decode_struct(json, NULL, type, &one);
	}
	json_end_array(json);
}

/* Another member may say how long a target is: too short for the type, or of a
 * register, that it is none of those that the type is for. */
static bool does_fit(const struct abi_field *field, const struct abi_type *type,
		     uint64_t length)
{
	return field->length.rule == LENGTH_TYPE || length == type->size ||
	       (length > type->size && field->length.rule != LENGTH_ONE_REG);
}

/* The address, and what was copied from there. */
static void decode_pointed(struct json_writer *json,
			   const struct abi_field *field,
			   const struct decode_source *source)
{
	const struct record_part *part = NULL;
	struct decode_source target = { .phase = source->phase };
	const struct abi_type *type;

	json_add_hex(json, field->name,
		     abi_read(source->bytes + field->offset,
			      abi_pointer_size(field, source->record &&
					       source->record->compat)));
	if (source->record)
		part = record_find_part(source->record, PART_POINTED,
					source->phase,
					source->base + field->offset);
	if (!part || !part->length)
		return;
	target.bytes = record_part_bytes(source->record, part);
	target.length = part->length;
	type = target_type(field, source);
	if (type && !does_fit(field, type, part->wanted))
		type = NULL;
	decode_target(json, field, type, &target);
}

/* A member's number; of a bit field, its bits only; of an address, in place. */
static uint64_t read_field(const struct abi_field *field, const uint8_t *bytes)
{
	uint64_t value = abi_read(bytes, field->size);

	if (!field->bits)
		return value;
	value = value >> field->bit & ((1ull << (field->bits - 1) << 1) - 1);
	return field->kind == ABI_GPA ? value << field->bit : value;
}

/* In an array, the names stand in an array beside it. */
static uint8_t unnamed_kind(const struct abi_field *field)
{
	return field->kind == ABI_FLAGS || field->kind == ABI_ENUM ?
	       (uint8_t)ABI_HEX : field->kind;
}

/* One element at `offset`; `key` is NULL inside an array. */
static void decode_element(struct json_writer *json, const char *key,
			   const struct abi_field *field, uint32_t offset,
			   const struct decode_source *source)
{
	uint64_t value = read_field(field, source->bytes + offset);
	size_t size = field->bits && field->bits <= 32 ? 4 : field->size;
	struct decode_source inner;

	switch (key ? field->kind : unnamed_kind(field)) {
	case ABI_INT:
		if (size > 4)
			json_add_hex(json, key, value);
		else
			json_add_signed(json, key, sign_extend(value, size));
		return;
	case ABI_FLAGS:
		decode_flags(json, key, field->names, value, size);
		return;
	case ABI_ENUM:
		decode_enum(json, key, field->names, value, size);
		return;
	case ABI_STRUCT:
		inner = source_at(source, offset, field->size);
		decode_struct(json, key, field->type, &inner);
		return;
	default:
		decode_number(json, key, value, size);
	}
}

/* How many elements the count says, of those that the copy holds. */
static uint32_t count_elements(const struct abi_field *field,
			       const struct decode_source *source)
{
	const struct abi_length *length = &field->length;
	uint64_t held = (source->length - field->offset) / field->size;
	uint64_t count = abi_length_elements(length, source->bytes,
					     source->length, field->offset,
					     field->size);

	/* Only earlier calls told how many: what was copied is all of it. */
	if (length->rule == LENGTH_XSAVE)
		return (uint32_t)held;
	if (field->count && count > field->count)
		count = field->count;
	return (uint32_t)(count < held ? count : held);
}

/* An element that KVM didn't come to is what the program has there. */
static struct decode_source element_source(const struct abi_field *field,
					   const struct decode_source *source,
					   uint32_t i)
{
	struct decode_source element = *source;

	if (source->is_partial && field->is_counted && !field->count &&
	    i >= source->done)
		element.phase = PHASE_BEFORE;
	return element;
}

/* Of an array of structures: is this one not in use? */
static bool is_left_out(const struct abi_field *field, const uint8_t *bytes)
{
	return field->is_sparse && field->kind == ABI_STRUCT &&
	       is_zero(bytes, field->size);
}

static void decode_array(struct json_writer *json,
			 const struct abi_field *field,
			 const struct decode_source *source)
{
	uint32_t count = field->is_counted ? count_elements(field, source)
					   : field->count;
	char key[DECODE_KEY_BYTES];

	if (field->kind == ABI_BYTES) {
		decode_bytes(json, field->name, source->bytes + field->offset,
			     (size_t)count * field->size);
		return;
	}
	json_begin_array(json, field->name);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t offset = field->offset + i * field->size;
		struct decode_source element = element_source(field, source, i);

		if (!is_left_out(field, source->bytes + offset))
			decode_element(json, NULL, field, offset, &element);
	}
	json_end_array(json);
	if (field->kind != ABI_FLAGS && field->kind != ABI_ENUM)
		return;
	json_begin_array(json, decode_key(key, field->name, "_names"));
	for (uint32_t i = 0; i < count; i++)
		decode_names(json, field,
			     abi_read(source->bytes + field->offset +
				      i * field->size, field->size));
	json_end_array(json);
}

/*
 * Is it in the copy? A tail is when the copy goes on behind the head, or when
 * its count, which the copy has, says that it is empty. (The bytes of a whole
 * structure count no elements: they may end before the tail.)
 */
static bool is_held(const struct abi_field *field,
		    const struct decode_source *source)
{
	if (!field->is_counted || field->count)
		return field->offset + (uint32_t)field->size * field->count <=
		       source->length;
	return source->length > field->offset ||
	       (source->length && source->length == field->offset &&
		field->length.rule != LENGTH_TOTAL &&
		!abi_length_elements(&field->length, source->bytes,
				     source->length, field->offset,
				     field->size));
}

/* Has it something to say, in this direction? */
static bool is_shown(const struct abi_field *field,
		     const struct decode_source *source)
{
	bool is_pointer = field->kind >= ABI_POINTED;
	uint8_t flow = source->phase == PHASE_BEFORE ? FLOW_IN : FLOW_OUT;
	uint32_t count;

	if (field->kind == ABI_STALE || !is_held(field, source))
		return false;
	if (field->flow && field->flow != flow && !is_pointer)
		return false;
	if (field->kind != ABI_PAD &&
	    (!field->is_sparse || field->kind == ABI_STRUCT))
		return true;
	if (field->bits)
		return read_field(field, source->bytes + field->offset) != 0;
	count = field->is_counted ? count_elements(field, source)
				  : field->count;
	return !is_zero(source->bytes + field->offset,
			(size_t)field->size * count);
}

static void decode_field(struct json_writer *json,
			 const struct abi_field *field,
			 const struct decode_source *source)
{
	const uint8_t *bytes = source->bytes + field->offset;
	size_t size = (size_t)field->size * field->count;
	char key[DECODE_KEY_BYTES];

	switch (field->kind) {
	case ABI_PAD:
		json_add_hex_bytes(json, decode_key(key, field->name, "_hex"),
				   bytes, size);
		return;
	case ABI_TEXT:
		json_add_text(json, field->name, (const char *)bytes,
			      strnlen((const char *)bytes, size));
		return;
	case ABI_UNION:
		decode_union(json, field, source);
		return;
	case ABI_POINTED:
	case ABI_POINTED_UNION:
	case ABI_POINTED_BITS:
		decode_pointed(json, field, source);
		return;
	}
	if (field->is_array || field->kind == ABI_BYTES)
		decode_array(json, field, source);
	else
		decode_element(json, field->name, field, field->offset,
			       source);
}

void decode_member(struct json_writer *json, const struct abi_field *field,
		   const struct decode_source *source)
{
	if (is_shown(field, source))
		decode_field(json, field, source);
}

void decode_members(struct json_writer *json, const struct abi_type *type,
		    const struct decode_source *source)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		decode_member(json, &type->fields[i], source);
}
