/* What the strings of a checked JSON text say: RFC 8259, section 7. */
#include <stdint.h>
#include <string.h>

#include "compare/json_scan.h"

bool json_scan_is_plain(struct json_span string)
{
	return !memchr(string.text, '\\', string.length);
}

static uint32_t read_hex4(const char *digits)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		char c = digits[i];

		value = value << 4 |
			(uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

static void add_utf8(struct buffer *out, uint32_t c)
{
	if (c < 0x80) {
		buffer_add_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buffer_add_char(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buffer_add_char(out, (char)(0xe0 | c >> 12));
		} else {
			buffer_add_char(out, (char)(0xf0 | c >> 18));
			buffer_add_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buffer_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buffer_add_char(out, (char)(0x80 | (c & 0x3f)));
}

static bool is_surrogate(uint32_t c, uint32_t first)
{
	return (c & 0xfc00) == first;
}

/* From \uXXXX on; the text behind it. */
static const char *unescape_unicode(struct buffer *out, const char *at)
{
	uint32_t c = read_hex4(at + 2), low;

	at += 6;
	if (is_surrogate(c, 0xd800) && at[0] == '\\' && at[1] == 'u') {
		low = read_hex4(at + 2);
		if (is_surrogate(low, 0xdc00)) {
			c = 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff));
			at += 6;
		}
	}
	add_utf8(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	return at;
}

void json_scan_unescape(struct buffer *out, struct json_span string)
{
	static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
	const char *at = string.text + 1;
	const char *end = string.text + string.length - 1;

	while (at < end) {
		const char *letter;

		if (*at != '\\') {
			buffer_add_char(out, *at++);
			continue;
		}
		if (at[1] == 'u') {
			at = unescape_unicode(out, at);
			continue;
		}
		letter = strchr(letters, at[1]);
		buffer_add_char(out, letter ? meant[letter - letters] : at[1]);
		at += 2;
	}
}
