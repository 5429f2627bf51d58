#include "sink/text_escape.h"

#include <stdint.h>
#include <string.h>

/*
 * One code point of UTF-8 (RFC 3629); returns its length in bytes, 0 when
 * the bytes are none. jansson lets only valid UTF-8 in by its usual doors.
 */
static size_t read_code_point(const unsigned char *text, size_t length,
			      uint32_t *ret_code)
{
	size_t size = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0
		    : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3
		    : text[0] < 0xf5 ? 4 : 0;
	uint32_t code;
	size_t i;

	if (!size || size > length)
		return 0;
	code = size == 1 ? text[0] : text[0] & (0x7fU >> size);
	for (i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	*ret_code = code;
	return size;
}

static void escape_code(struct buffer *out, uint32_t code)
{
	if (code == '\n')
		buffer_add_string(out, "\\n");
	else if (code == '\r')
		buffer_add_string(out, "\\r");
	else if (code == '\t')
		buffer_add_string(out, "\\t");
	else if (code == '\\')
		buffer_add_string(out, "\\\\");
	else if (code >= ' ' && code <= '~')
		buffer_add_char(out, (char)code);
	else if (code < 0x100)
		buffer_add_format(out, "\\x%02x", code);
	else if (code < 0x10000)
		buffer_add_format(out, "\\u%04x", code);
	else
		buffer_add_format(out, "\\U%08x", code);
}

void text_escape(struct buffer *out, const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	uint32_t code;
	size_t size;

	for (; length; bytes += size, length -= size) {
		size = read_code_point(bytes, length, &code);
		if (!size) {
			code = *bytes;
			size = 1;
		}
		escape_code(out, code);
	}
}

void text_escape_string(struct buffer *out, const json_t *string)
{
	if (json_is_string(string))
		text_escape(out, json_string_value(string),
			    json_string_length(string));
}

void text_quote(struct buffer *out, const char *text, size_t length)
{
	const char *quote;
	size_t part;

	buffer_add_char(out, '"');
	while (length) {
		quote = memchr(text, '"', length);
		part = quote ? (size_t)(quote - text) : length;
		text_escape(out, text, part);
		if (quote) {
			buffer_add_string(out, "\\\"");
			part++;
		}
		text += part;
		length -= part;
	}
	buffer_add_char(out, '"');
}
