/*
 * A growable run of bytes: the one owner of memory whose size is known only
 * at run time (an output line, the bytes copied for a record).
 *
 * The owner is whoever declared the struct; buffer_free() releases it. Views
 * into `data` end with the next call that grows the buffer: keep offsets.
 * Running out of memory is no state that a tracer can go on from, so it aborts.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>
#include <string.h>

struct buffer {
	char *data;
	size_t length;
	size_t capacity;
};

#define BUFFER_EMPTY { NULL, 0, 0 }

/* Make room for `extra` more bytes behind `length`. */
void buffer_grow(struct buffer *buffer, size_t extra);

static inline void buffer_reserve(struct buffer *buffer, size_t extra)
{
	if (buffer->capacity - buffer->length < extra)
		buffer_grow(buffer, extra);
}

static inline void buffer_add(struct buffer *buffer, const void *bytes,
			      size_t length)
{
	buffer_reserve(buffer, length);
	if (length)
		memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
}

static inline void buffer_add_char(struct buffer *buffer, char c)
{
	buffer_reserve(buffer, 1);
	buffer->data[buffer->length++] = c;
}

static inline void buffer_add_string(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

/* Append text as printf would. */
void buffer_add_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Append `value` in decimal; in lowercase hex behind 0x. */
void buffer_add_signed(struct buffer *buffer, long long value);
void buffer_add_unsigned(struct buffer *buffer, unsigned long long value);
void buffer_add_hex(struct buffer *buffer, unsigned long long value);

/* The content as a string; valid until the buffer changes. */
const char *buffer_string(struct buffer *buffer);

static inline void buffer_reset(struct buffer *buffer)
{
	buffer->length = 0;
}

void buffer_free(struct buffer *buffer);

#endif
