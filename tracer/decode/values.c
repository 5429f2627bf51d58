#include "decode/decode.h"

#include <ctype.h>
#include <string.h>

/* A key with a suffix, as "cr0" and "_names"; both are short literals of ours. */
const char *decode_key(char key[DECODE_KEY_BYTES], const char *name,
		       const char *suffix)
{
	size_t length = strnlen(name, DECODE_KEY_BYTES - 16);

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

void decode_flag_names(struct json_writer *json, const char *key,
		       const struct abi_names *names, uint64_t value)
{
	uint64_t left = value;

	json_begin_array(json, key);
	for (size_t i = 0; i < names->count; i++) {
		const struct abi_name *name = &names->list[i];
		uint64_t mask = name->mask ? name->mask : name->value;

		/* Only a field of several values has a name for its zero. */
		if ((value & mask) != name->value ||
		    (name->value ? !(left & mask) : !name->mask))
			continue;
		json_add_string(json, NULL, name->name);
		left &= ~mask;
	}
	left &= ~names->numbers;
	if (left)
		json_add_hex(json, NULL, left);
	json_end_array(json);
}

void decode_flags(struct json_writer *json, const char *key,
		  const struct abi_names *names, uint64_t value, size_t size)
{
	char list_key[DECODE_KEY_BYTES];

	decode_number(json, key, value, size);
	decode_flag_names(json, decode_key(list_key, key, "_names"), names,
			  value);
}

void decode_enum(struct json_writer *json, const char *key,
		 const struct abi_names *names, uint64_t value, size_t size)
{
	const char *name = abi_find_name(names, value);
	char name_key[DECODE_KEY_BYTES];

	decode_number(json, key, value, size);
	if (name)
		json_add_string(json, decode_key(name_key, key, "_name"), name);
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
	char hex_key[DECODE_KEY_BYTES];

	json_add_hex_bytes(json, decode_key(hex_key, key, "_hex"), bytes,
			   length);
	if (is_printable(bytes, length))
		json_add_latin1(json, "text", bytes, length);
}

void decode_names(struct json_writer *json, const struct abi_field *field,
		  uint64_t value)
{
	const char *name;

	if (field->kind == ABI_FLAGS) {
		decode_flag_names(json, NULL, field->names, value);
		return;
	}
	name = abi_find_name(field->names, value);
	if (name)
		json_add_string(json, NULL, name);
	else
		json_add_null(json, NULL);
}

void decode_bit_ranges(struct json_writer *json, const char *key,
			      const uint8_t *bytes, size_t length)
{
	uint64_t set = 0, first = 0, ranges = 0;
	bool inside = false;

	json_begin_object(json, key);
	json_begin_array(json, "ranges");
	for (uint64_t bit = 0; bit <= length * 8; bit++) {
		bool is_set = bit < length * 8 &&
			      (bytes[bit / 8] >> bit % 8 & 1);

		set += is_set;
		if (is_set && !inside)
			first = bit;
		if (!is_set && inside && ranges++ < DECODE_RANGES_MAX) {
			json_begin_array(json, NULL);
			json_add_unsigned(json, NULL, first);
			json_add_unsigned(json, NULL, bit - 1);
			json_end_array(json);
		}
		inside = is_set;
	}
	json_end_array(json);
	json_add_unsigned(json, "set", set);
	json_end_object(json);
}
