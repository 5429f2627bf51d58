#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

void buffer_grow(struct buffer *buffer, size_t extra)
{
	size_t wanted = buffer->length + extra;
	size_t capacity = buffer->capacity ? buffer->capacity : 256;

	if (wanted < extra)
		log_die("out of memory: a buffer of %zu + %zu bytes",
			buffer->length, extra);
	while (capacity < wanted)
		capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
	buffer->data = realloc(buffer->data, capacity);
	if (!buffer->data)
		log_die("out of memory: a buffer of %zu bytes", capacity);
	buffer->capacity = capacity;
}

void buffer_add_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	buffer_reserve(buffer, (size_t)length + 1);
	va_start(arguments, format);
	vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format,
		  arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

void buffer_add_unsigned(struct buffer *buffer, unsigned long long value)
{
	char digits[24];
	char *start = digits + sizeof(digits);

	/* Most numbers of the interface are flags and small counts. */
	if (value < 10) {
		buffer_add_char(buffer, (char)('0' + value));
		return;
	}
	do
		*--start = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	buffer_add(buffer, start, (size_t)(digits + sizeof(digits) - start));
}

void buffer_add_signed(struct buffer *buffer, long long value)
{
	if (value < 0)
		buffer_add_char(buffer, '-');
	buffer_add_unsigned(buffer, value < 0 ? 0ULL - (unsigned long long)value
					      : (unsigned long long)value);
}

void buffer_add_hex(struct buffer *buffer, unsigned long long value)
{
	char digits[18];
	char *start = digits + sizeof(digits);

	do
		*--start = "0123456789abcdef"[value & 15];
	while ((value >>= 4) != 0);
	*--start = 'x';
	*--start = '0';
	buffer_add(buffer, start, (size_t)(digits + sizeof(digits) - start));
}

const char *buffer_string(struct buffer *buffer)
{
	buffer_reserve(buffer, 1);
	buffer->data[buffer->length] = '\0';
	return buffer->data;
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer)BUFFER_EMPTY;
}
