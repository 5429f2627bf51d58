#include "base/json_writer.h"

static const char hex_digits[] = "0123456789abcdef";

static void begin_value(struct json_writer *json, const char *key)
{
	size_t length = key ? strlen(key) : 0;
	char *end;

	buffer_reserve(json->out, length + 4);
	end = json->out->data + json->out->length;
	if (json->needs_comma)
		*end++ = ',';
	if (key) {
		*end++ = '"';
		end = (char *)memcpy(end, key, length) + length;
		*end++ = '"';
		*end++ = ':';
	}
	json->out->length = (size_t)(end - json->out->data);
	json->needs_comma = true;
}

static void open_scope(struct json_writer *json, const char *key, char bracket)
{
	begin_value(json, key);
	buffer_add_char(json->out, bracket);
	json->needs_comma = false;
}

static void close_scope(struct json_writer *json, char bracket)
{
	buffer_add_char(json->out, bracket);
	json->needs_comma = true;
}

void json_begin_object(struct json_writer *json, const char *key)
{
	open_scope(json, key, '{');
}

void json_end_object(struct json_writer *json)
{
	close_scope(json, '}');
}

void json_begin_array(struct json_writer *json, const char *key)
{
	open_scope(json, key, '[');
}

void json_end_array(struct json_writer *json)
{
	close_scope(json, ']');
}

void json_add_signed(struct json_writer *json, const char *key, int64_t value)
{
	begin_value(json, key);
	buffer_add_signed(json->out, value);
}

void json_add_unsigned(struct json_writer *json, const char *key,
		       uint64_t value)
{
	begin_value(json, key);
	buffer_add_unsigned(json->out, value);
}

void json_add_bool(struct json_writer *json, const char *key, bool value)
{
	begin_value(json, key);
	buffer_add_string(json->out, value ? "true" : "false");
}

void json_add_null(struct json_writer *json, const char *key)
{
	begin_value(json, key);
	buffer_add(json->out, "null", 4);
}

void json_add_hex(struct json_writer *json, const char *key, uint64_t value)
{
	begin_value(json, key);
	buffer_add_char(json->out, '"');
	buffer_add_hex(json->out, value);
	buffer_add_char(json->out, '"');
}

/* RFC 8259 section 7; control characters without a short form as \u00XX. */
static void add_escape(struct buffer *out, unsigned int unit)
{
	char text[6] = { '\\', 'u', hex_digits[unit >> 12 & 15],
			 hex_digits[unit >> 8 & 15], hex_digits[unit >> 4 & 15],
			 hex_digits[unit & 15] };

	buffer_add(out, text, sizeof(text));
}

static void add_ascii(struct buffer *out, unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		buffer_add_char(out, '\\');
		buffer_add_char(out, (char)c);
		return;
	case '\n':
		buffer_add_string(out, "\\n");
		return;
	case '\r':
		buffer_add_string(out, "\\r");
		return;
	case '\t':
		buffer_add_string(out, "\\t");
		return;
	}
	if (c < 0x20 || c == 0x7f)
		add_escape(out, c);
	else
		buffer_add_char(out, (char)c);
}

static void add_code_point(struct buffer *out, unsigned int point)
{
	if (point < 0x80) {
		add_ascii(out, (unsigned char)point);
	} else if (point < 0x10000) {
		add_escape(out, point);
	} else {
		add_escape(out, 0xd800 + ((point - 0x10000) >> 10));
		add_escape(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
	}
}

static bool is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/*
 * The bytes that the code point at `s` takes, 0 when they aren't valid UTF-8:
 * overlong forms, surrogates and points above U+10FFFF are not (RFC 3629).
 */
static size_t decode_utf8(const unsigned char *s, size_t length,
			  unsigned int *ret_point)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 :
		      s[0] < 0xf0 ? 3 : s[0] < 0xf8 ? 4 : 0;
	unsigned int point = size > 1 ? s[0] & (0xffu >> (size + 1)) : s[0];

	if (!size || size > length)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if (!is_continuation(s[i]))
			return 0;
		point = point << 6 | (s[i] & 0x3f);
	}
	if (point < least[size] || point > 0x10ffff ||
	    (point >= 0xd800 && point < 0xe000))
		return 0;
	*ret_point = point;
	return size;
}

/* Is some byte of the word less than n (at most 0x80)? As in Hacker's Delight. */
static uint64_t has_less(uint64_t word, uint64_t n)
{
	const uint64_t ones = ~0ull / 255;

	return (word - ones * n) & ~word & ones * 0x80;
}

/* Eight bytes that all go out as they are. */
static bool is_plain_word(const unsigned char *s)
{
	const uint64_t ones = ~0ull / 255;
	uint64_t word;

	memcpy(&word, s, sizeof(word));
	/* From 0x80 on, below a blank, 0x7f, quote, backslash */
	return !((word & ones * 0x80) | has_less(word, 0x20) |
		 has_less(word ^ ones * 0x7f, 1) |
		 has_less(word ^ ones * '"', 1) |
		 has_less(word ^ ones * '\\', 1));
}

/*
 * Copy the bytes at the start that go out as they are, and say how many. Most
 * text is all of them, and short: one pass beats a search and a memcpy().
 */
static size_t add_plain(struct buffer *out, const unsigned char *s,
			size_t length)
{
	size_t plain = 0;
	char *end;

	buffer_reserve(out, length);
	end = out->data + out->length;
	while (plain + 8 <= length && is_plain_word(s + plain)) {
		memcpy(end + plain, s + plain, 8);
		plain += 8;
	}
	while (plain < length && s[plain] >= 0x20 && s[plain] < 0x7f &&
	       s[plain] != '"' && s[plain] != '\\') {
		end[plain] = (char)s[plain];
		plain++;
	}
	out->length += plain;
	return plain;
}

void json_add_text(struct json_writer *json, const char *key, const char *text,
		   size_t length)
{
	const unsigned char *s = (const unsigned char *)text;

	begin_value(json, key);
	buffer_add_char(json->out, '"');
	while (length) {
		size_t size = add_plain(json->out, s, length);
		unsigned int point = 0xfffd;

		s += size;
		length -= size;
		if (!length)
			break;
		size = decode_utf8(s, length, &point);
		add_code_point(json->out, point);
		size = size ? size : 1;
		s += size;
		length -= size;
	}
	buffer_add_char(json->out, '"');
}

void json_add_string(struct json_writer *json, const char *key,
		     const char *text)
{
	json_add_text(json, key, text, strlen(text));
}

void json_add_latin1(struct json_writer *json, const char *key,
		     const void *bytes, size_t length)
{
	const unsigned char *s = bytes;

	begin_value(json, key);
	buffer_add_char(json->out, '"');
	for (size_t i = 0; i < length; i++)
		add_code_point(json->out, s[i]);
	buffer_add_char(json->out, '"');
}

void json_add_hex_bytes(struct json_writer *json, const char *key,
			const void *bytes, size_t length)
{
	const unsigned char *s = bytes;
	char *end;

	begin_value(json, key);
	buffer_reserve(json->out, 2 * length + 2);
	end = json->out->data + json->out->length;
	*end++ = '"';
	for (size_t i = 0; i < length; i++) {
		*end++ = hex_digits[s[i] >> 4];
		*end++ = hex_digits[s[i] & 15];
	}
	*end++ = '"';
	json->out->length = (size_t)(end - json->out->data);
}

bool json_is_utf8(const char *text, size_t length)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned int point;

	while (length) {
		size_t size = decode_utf8(s, length, &point);

		if (!size)
			return false;
		s += size;
		length -= size;
	}
	return true;
}
