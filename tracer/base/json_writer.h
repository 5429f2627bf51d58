/*
 * A streaming writer of JSON text into a buffer: ASCII only, keys in the
 * order of the calls, no document in memory. It exists beside jansson because
 * the live timeline is the hot path: an event costs 0.5 us this way and
 * several us by building a document first.
 *
 * The writer borrows its buffer. `key` is NULL inside arrays and at the top;
 * keys are ASCII literals of ours and go out unescaped.
 */
#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct json_writer {
	struct buffer *out;
	bool needs_comma;
};

static inline struct json_writer json_writer_on(struct buffer *out)
{
	return (struct json_writer){ .out = out, .needs_comma = false };
}

void json_begin_object(struct json_writer *json, const char *key);
void json_end_object(struct json_writer *json);
void json_begin_array(struct json_writer *json, const char *key);
void json_end_array(struct json_writer *json);

void json_add_signed(struct json_writer *json, const char *key, int64_t value);
void json_add_unsigned(struct json_writer *json, const char *key,
		       uint64_t value);
void json_add_bool(struct json_writer *json, const char *key, bool value);
void json_add_null(struct json_writer *json, const char *key);

/* A 64-bit value as the string "0x…" that the format asks for. */
void json_add_hex(struct json_writer *json, const char *key, uint64_t value);

/*
 * Text of any origin. Valid UTF-8 becomes \uXXXX where it isn't ASCII; each
 * byte that is not part of valid UTF-8 becomes U+FFFD.
 */
void json_add_string(struct json_writer *json, const char *key,
		     const char *text);
void json_add_text(struct json_writer *json, const char *key, const char *text,
		   size_t length);

/* Bytes as text, each byte one code point from 0 to 255: loses nothing. */
void json_add_latin1(struct json_writer *json, const char *key,
		     const void *bytes, size_t length);

/* Bytes in memory order as lowercase hex without prefix. */
void json_add_hex_bytes(struct json_writer *json, const char *key,
			const void *bytes, size_t length);

/* Is all of it valid UTF-8, so that json_add_text() loses nothing? */
bool json_is_utf8(const char *text, size_t length);

#endif
