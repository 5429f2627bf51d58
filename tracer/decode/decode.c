#include "decode/decode.h"

#include <asm/ioctl.h>
#include <ctype.h>
#include <string.h>

#define KEY_BYTES 96

/* A key with a suffix, as "cr0" and "_names"; both are short literals of ours. */
static const char *suffixed(char key[KEY_BYTES], const char *name,
			    const char *suffix)
{
	size_t length = strnlen(name, KEY_BYTES - 16);

	memcpy(key, name, length);
	strcpy(key + length, suffix);
	return key;
}

void decode_number(struct json_writer *json, const char *key, uint64_t value,
		   size_t size)
{
	if (size > 4)
		json_add_hex(json, key, value);
	else
		json_add_unsigned(json, key, value);
}

static int64_t sign_extend(uint64_t value, size_t size)
{
	unsigned int shift = size < 8 ? 64 - 8 * (unsigned int)size : 0;

	return (int64_t)(value << shift) >> shift;
}

static void add_hex_text(struct json_writer *json, uint64_t value)
{
	json_add_hex(json, NULL, value);
}

void decode_flags(struct json_writer *json, const char *key,
		  const struct abi_names *names, uint64_t value, size_t size)
{
	char list_key[KEY_BYTES];
	uint64_t left = value;

	decode_number(json, key, value, size);
	json_begin_array(json, key ? suffixed(list_key, key, "_names") : NULL);
	for (size_t i = 0; i < names->count && left; i++) {
		const struct abi_name *name = &names->list[i];
		uint64_t mask = name->mask ? name->mask : name->value;

		if (!name->value || (value & mask) != name->value ||
		    !(left & mask))
			continue;
		json_add_string(json, NULL, name->name);
		left &= ~mask;
	}
	if (left)
		add_hex_text(json, left);
	json_end_array(json);
}

void decode_enum(struct json_writer *json, const char *key,
		 const struct abi_names *names, uint64_t value, size_t size)
{
	const char *name = abi_find_name(names, value);
	char name_key[KEY_BYTES];

	decode_number(json, key, value, size);
	if (name && key)
		json_add_string(json, suffixed(name_key, key, "_name"), name);
}

static bool is_printable(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] >= 0x7f || (!isprint(bytes[i]) &&
					 !strchr("\n\r\t", bytes[i])) ||
		    !bytes[i])
			return false;
	return length > 0;
}

void decode_bytes(struct json_writer *json, const char *key,
		  const uint8_t *bytes, size_t length)
{
	char hex_key[KEY_BYTES];

	json_add_hex_bytes(json, suffixed(hex_key, key, "_hex"), bytes,
			   length);
	if (is_printable(bytes, length))
		json_add_latin1(json, "text", bytes, length);
}

static void decode_pointed(struct json_writer *json,
			   const struct abi_field *field,
			   const struct decode_source *source)
{
	const struct record_part *part;

	json_add_hex(json, field->name,
		     abi_read(source->bytes + field->offset, field->size));
	if (!source->record)
		return;
	part = record_find_part(source->record, PART_POINTED, source->phase,
				source->base + field->offset);
	if (part)
		decode_bytes(json, field->name,
			     record_part_bytes(source->record, part),
			     part->length);
}

static void decode_union(struct json_writer *json,
			 const struct abi_field *field,
			 const struct decode_source *source)
{
	const struct abi_arms *arms = field->arms;
	uint64_t tag = abi_read(source->bytes + arms->tag_offset,
				arms->tag_size);
	struct decode_source inner = *source;

	for (size_t i = 0; i < arms->count; i++) {
		if (arms->list[i].value != tag)
			continue;
		inner.bytes += field->offset;
		inner.base += field->offset;
		inner.length = field->size;
		json_begin_object(json, arms->list[i].name);
		decode_members(json, arms->list[i].type, &inner);
		json_end_object(json);
		return;
	}
	decode_bytes(json, field->name, source->bytes + field->offset,
		     field->size);
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i])
			return false;
	return true;
}

/* One element at `offset`; `key` is NULL inside an array. */
static void decode_element(struct json_writer *json, const char *key,
			   const struct abi_field *field, uint32_t offset,
			   const struct decode_source *source)
{
	const uint8_t *bytes = source->bytes + offset;
	struct decode_source inner = *source;

	switch (field->kind) {
	case ABI_INT:
		if (field->size > 4)
			json_add_hex(json, key, abi_read(bytes, 8));
		else
			json_add_signed(json, key,
					sign_extend(abi_read(bytes,
							     field->size),
						    field->size));
		return;
	case ABI_FLAGS:
		decode_flags(json, key, field->names,
			     abi_read(bytes, field->size), field->size);
		return;
	case ABI_ENUM:
		decode_enum(json, key, field->names,
			    abi_read(bytes, field->size), field->size);
		return;
	case ABI_STRUCT:
		inner.bytes = bytes;
		inner.length = field->size;
		inner.base += offset;
		json_begin_object(json, key);
		decode_members(json, field->type, &inner);
		json_end_object(json);
		return;
	default:
		decode_number(json, key, abi_read(bytes, field->size),
			      field->size);
	}
}

/* How many elements of a counted tail the copy holds. */
static uint32_t count_tail(const struct abi_field *field,
			   const struct decode_source *source)
{
	const struct abi_length *length = &field->length;
	uint64_t held = (source->length - field->offset) / field->size;
	uint64_t count = abi_read(source->bytes + length->offset, length->size);

	if (length->unit > 1)
		count = count * length->unit / field->size;
	return (uint32_t)(count < held ? count : held);
}

static void decode_array(struct json_writer *json,
			 const struct abi_field *field,
			 const struct decode_source *source)
{
	uint32_t count = field->is_counted ? count_tail(field, source)
					   : field->count;

	if (field->kind == ABI_BYTES) {
		decode_bytes(json, field->name, source->bytes + field->offset,
			     (size_t)count * field->size);
		return;
	}
	json_begin_array(json, field->name);
	for (uint32_t i = 0; i < count; i++)
		decode_element(json, NULL, field,
			       field->offset + i * field->size, source);
	json_end_array(json);
}

/* Is all of it in the copy? Of a counted tail, whatever there is. */
static bool is_held(const struct abi_field *field,
		    const struct decode_source *source)
{
	if (field->is_counted)
		return source->length > field->offset ||
		       (source->length == field->offset && source->length &&
			!abi_read(source->bytes + field->length.offset,
				  field->length.size));
	return field->offset + (uint32_t)field->size * field->count <=
	       source->length;
}

static void decode_field(struct json_writer *json,
			 const struct abi_field *field,
			 const struct decode_source *source)
{
	const uint8_t *bytes = source->bytes + field->offset;
	size_t size = (size_t)field->size * field->count;
	char key[KEY_BYTES];

	switch (field->kind) {
	case ABI_PAD:
		if (!is_zero(bytes, size))
			json_add_hex_bytes(json, suffixed(key, field->name,
							  "_hex"),
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
		decode_pointed(json, field, source);
		return;
	}
	if (field->is_array || field->kind == ABI_BYTES)
		decode_array(json, field, source);
	else
		decode_element(json, field->name, field, field->offset,
			       source);
}

void decode_members(struct json_writer *json, const struct abi_type *type,
		    const struct decode_source *source)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		if (is_held(&type->fields[i], source))
			decode_field(json, &type->fields[i], source);
}

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

void decode_argument(struct json_writer *json, const struct record *record,
		     const struct abi_ioctl *row, enum record_phase phase)
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
	if (row && row->type)
		decode_members(json, row->type, &source);
	else
		decode_unknown(json, record, part);
	json_end_object(json);
}
