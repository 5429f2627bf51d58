/*
 * From bytes and rows to named values: one walker for every structure of the
 * ABI. What the copy doesn't hold (unreadable, cut) is left out, never
 * guessed; the caller learns of it by the notes.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "abi/abi.h"
#include "base/json_writer.h"
#include "record/record.h"

/* The bytes that are decoded, and the record for what they point to. */
struct decode_source {
	const uint8_t *bytes;
	uint32_t length;
	uint32_t base;			/* of `bytes` in the argument */
	const struct record *record;	/* NULL: no pointed-to parts */
	enum record_phase phase;
	/* The result counts: KVM did `done` elements of the tail, no more. */
	bool is_partial;
	uint32_t done;
};

/* Of a bitmap, so many ranges of set bits are shown; `set` counts all bits. */
#define DECODE_RANGES_MAX 1024

/* The members of a structure, into an object that is open. */
void decode_members(struct json_writer *json, const struct abi_type *type,
		    const struct decode_source *source);

/* One member, if it has something to say. */
void decode_member(struct json_writer *json, const struct abi_field *field,
		   const struct decode_source *source);

/* Of an exit's structure, the members that the program answers. */
void decode_answers(struct json_writer *json, const struct abi_type *type,
		    const struct decode_source *source);

/* A number as the format wants it: 64 bits as a hex string, others decimal. */
void decode_number(struct json_writer *json, const char *key, uint64_t value,
		   size_t size);

/* The value, and beside it `<key>_names` or `<key>_name`. */
void decode_flags(struct json_writer *json, const char *key,
		  const struct abi_names *names, uint64_t value, size_t size);
void decode_enum(struct json_writer *json, const char *key,
		 const struct abi_names *names, uint64_t value, size_t size);

/* Names of the bits that are set; those without a name as one hex string. */
void decode_flag_names(struct json_writer *json, const char *key,
		       const struct abi_names *names, uint64_t value);

/* What an element of an array of flags or enumerations is called: an array of
 * names, a name, or null where it has none. */
void decode_names(struct json_writer *json, const struct abi_field *field,
		  uint64_t value);

/* A bitmap as {"ranges":[[first,last],…],"set":how many}. */
void decode_bit_ranges(struct json_writer *json, const char *key,
		       const uint8_t *bytes, size_t length);

/* A key with a suffix, as "cr0" and "_names"; both are short literals of ours. */
#define DECODE_KEY_BYTES 96
const char *decode_key(char key[DECODE_KEY_BYTES], const char *name,
		       const char *suffix);

/* Bytes as `<key>_hex`, and as `text` when all of them are printable. */
void decode_bytes(struct json_writer *json, const char *key,
		  const uint8_t *bytes, size_t length);

/*
 * Objects `in` and `out` of an ioctl, as the row and its argument's type say; nothing is written
 * when the call passes nothing in that direction.
 */
void decode_argument(struct json_writer *json, const struct record *record,
		     const struct abi_ioctl *row, const struct abi_type *type,
		     enum record_phase phase);

#endif
