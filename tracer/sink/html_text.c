#include "sink/html_internal.h"

/* The code point of valid UTF-8, as jansson's strings are; *size its bytes. */
static uint32_t read_code(const unsigned char *text, size_t length,
			  size_t *ret_size)
{
	size_t size = text[0] < 0xc0 ? 1 : text[0] < 0xe0 ? 2 :
		      text[0] < 0xf0 ? 3 : 4;
	uint32_t code = size == 1 ? text[0] : text[0] & (0x7fu >> size);

	if (size > length)
		size = length;
	for (size_t i = 1; i < size; i++)
		code = code << 6 | (text[i] & 0x3f);
	*ret_size = size;
	return code;
}

/*
 * C0 and C1 controls, and of the format characters (Unicode's category Cf)
 * those that hide or reorder text: soft hyphen, marks and overrides of
 * direction, joiners, line and paragraph separators, tags.
 */
static bool is_shown_as_number(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x08 }, { 0x0b, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad },
		{ 0x61c, 0x61c }, { 0x180e, 0x180e }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

static const char *find_entity(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_add_text(struct buffer *out, const char *text, size_t length)
{
	const char *entity;
	uint32_t code;
	size_t size;

	for (; length; text += size, length -= size) {
		code = read_code((const unsigned char *)text, length, &size);
		entity = find_entity(code);
		if (entity)
			buffer_add_string(out, entity);
		else if (is_shown_as_number(code))
			buffer_add_format(out, "\\u{%x}", code);
		else
			buffer_add(out, text, size);
	}
}

void html_copy(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	if (length >= size)
		for (length = size - 1; length &&
		     ((unsigned char)from[length] & 0xc0) == 0x80;)
			length--;
	memcpy(to, from, length);
	to[length] = '\0';
}

void html_add_string(struct buffer *out, const char *text)
{
	html_add_text(out, text, strlen(text));
}

void html_add_json(struct buffer *out, const json_t *string)
{
	if (json_is_string(string))
		html_add_text(out, json_string_value(string),
			      json_string_length(string));
}

void html_add_event(struct buffer *out, uint64_t seq)
{
	buffer_add_format(out, "<a href=\"#e%llu\">#%llu</a>",
			  (unsigned long long)seq, (unsigned long long)seq);
}

void html_add_count(struct buffer *out, uint64_t count, const char *noun)
{
	buffer_add_format(out, "%llu %s%s", (unsigned long long)count, noun,
			  count == 1 ? "" : "s");
}
