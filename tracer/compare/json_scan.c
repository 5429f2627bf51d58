#include "compare/json_scan.h"

#include <stdint.h>
#include <string.h>

#include "base/json_writer.h"

/* RFC 8259. The cursor stops at `end`; `why` says what is wrong there. */
struct cursor {
	const char *at, *end;
	const char *why;
	struct buffer *members;	/* of the outermost object */
	bool has_utf8;
};

static bool refuse(struct cursor *cursor, const char *why)
{
	if (!cursor->why)
		cursor->why = why;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && is_blank(*cursor->at))
		cursor->at++;
}

/* The next character that counts; NUL, which JSON hasn't, at the end. */
static char peek(struct cursor *cursor)
{
	skip_blanks(cursor);
	return cursor->at < cursor->end ? *cursor->at : '\0';
}

static bool check_escape(struct cursor *cursor)
{
	size_t left = (size_t)(cursor->end - cursor->at);

	if (left < 2 || !cursor->at[1] || !strchr("\"\\/bfnrtu", cursor->at[1]))
		return refuse(cursor, "a bad escape");
	if (cursor->at[1] != 'u') {
		cursor->at += 2;
		return true;
	}
	for (size_t i = 2; i < 6; i++)
		if (i >= left || !is_hex_digit(cursor->at[i]))
			return refuse(cursor, "a bad escape");
	cursor->at += 6;
	return true;
}

#define EACH_BYTE(c) (UINT64_MAX / 0xff * (c))

/* Is one of the eight bytes less than `least` (at most 0x80), or 0x80 or
 * more? Bytes above the first that is may seem to be so too. */
static uint64_t has_less(uint64_t bytes, unsigned char least)
{
	return (bytes - EACH_BYTE(least)) & EACH_BYTE(0x80);
}

/* To the first character that is not an ordinary one; most strings are long
 * enough that eight at a time pay. */
static const char *skip_ordinary(const char *at, const char *end)
{
	uint64_t bytes;

	for (; end - at >= (ptrdiff_t)sizeof(bytes); at += sizeof(bytes)) {
		memcpy(&bytes, at, sizeof(bytes));
		if ((bytes & EACH_BYTE(0x80)) | has_less(bytes, 0x20) |
		    has_less(bytes ^ EACH_BYTE('"'), 1) |
		    has_less(bytes ^ EACH_BYTE('\\'), 1))
			break;
	}
	while (at < end && (unsigned char)*at >= 0x20 &&
	       (unsigned char)*at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

static bool check_string(struct cursor *cursor)
{
	cursor->at++;
	for (;;) {
		unsigned char c;

		cursor->at = skip_ordinary(cursor->at, cursor->end);
		if (cursor->at == cursor->end)
			return refuse(cursor, "a string without its end");
		c = (unsigned char)*cursor->at;
		if (c == '"')
			break;
		if (c < 0x20)
			return refuse(cursor, "a control character");
		if (c == '\\' && !check_escape(cursor))
			return false;
		cursor->at += c >= 0x80;
		cursor->has_utf8 |= c >= 0x80;
	}
	cursor->at++;
	return true;
}

static bool check_digits(struct cursor *cursor)
{
	const char *start = cursor->at;

	while (cursor->at < cursor->end && is_digit(*cursor->at))
		cursor->at++;
	return cursor->at > start || refuse(cursor, "a bad number");
}

static bool take(struct cursor *cursor, char c)
{
	if (cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

static bool check_number(struct cursor *cursor)
{
	take(cursor, '-');
	if (!take(cursor, '0') && !check_digits(cursor))
		return false;
	if (take(cursor, '.') && !check_digits(cursor))
		return false;
	if (!take(cursor, 'e') && !take(cursor, 'E'))
		return true;
	if (!take(cursor, '+'))
		take(cursor, '-');
	return check_digits(cursor);
}

static bool check_word(struct cursor *cursor)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i]);

		if ((size_t)(cursor->end - cursor->at) < length ||
		    memcmp(cursor->at, words[i], length) != 0)
			continue;
		cursor->at += length;
		return true;
	}
	return refuse(cursor, "no JSON value");
}

static bool check_value(struct cursor *cursor, int depth);

static bool check_key(struct cursor *cursor, struct json_span *ret_key)
{
	char c = peek(cursor);

	ret_key->text = cursor->at;
	if (c != '"' || !check_string(cursor))
		return refuse(cursor, "no key of an object");
	ret_key->length = (size_t)(cursor->at - ret_key->text);
	if (peek(cursor) != ':')
		return refuse(cursor, "a colon is missing");
	cursor->at++;
	skip_blanks(cursor);
	return true;
}

/* `{"a":1,"b":2}` or `[1,2]`, by `closing`. */
static bool check_members(struct cursor *cursor, char closing, int depth)
{
	struct json_member member;

	if (depth == JSON_SCAN_DEPTH_MAX)
		return refuse(cursor, "nested too deeply");
	cursor->at++;
	if (peek(cursor) == closing) {
		cursor->at++;
		return true;
	}
	for (;;) {
		char c;

		if (closing == '}' && !check_key(cursor, &member.key))
			return false;
		member.value.text = cursor->at;
		if (!check_value(cursor, depth + 1))
			return false;
		member.value.length = (size_t)(cursor->at - member.value.text);
		if (!depth)
			buffer_add(cursor->members, &member, sizeof(member));
		c = peek(cursor);
		if (c != ',' && c != closing)
			return refuse(cursor, "a comma or bracket is missing");
		cursor->at++;
		if (c == closing)
			return true;
	}
}

static bool check_value(struct cursor *cursor, int depth)
{
	char c = peek(cursor);

	if (c == '"')
		return check_string(cursor);
	if (c == '{')
		return check_members(cursor, '}', depth);
	if (c == '[')
		return check_members(cursor, ']', depth);
	if (c == '-' || is_digit(c))
		return check_number(cursor);
	return check_word(cursor);
}

const char *json_scan_check(const char *text, size_t length,
			    struct buffer *members, size_t *ret_at)
{
	struct cursor cursor = {
		.at = text, .end = text + length, .members = members,
	};

	if (peek(&cursor) != '{')
		refuse(&cursor, "no JSON object");
	else if (check_value(&cursor, 0) && peek(&cursor))
		refuse(&cursor, "something stands behind the object");
	else if (!cursor.why && cursor.at < cursor.end)
		refuse(&cursor, "a control character");
	if (!cursor.why && cursor.has_utf8 && !json_is_utf8(text, length)) {
		cursor.at = text;
		refuse(&cursor, "it is not UTF-8");
	}
	*ret_at = (size_t)(cursor.at - text) + 1;
	return cursor.why;
}

/* What follows trusts the text. */

static const char *skip_string(const char *at)
{
	for (at++; *at != '"'; at++)
		at += *at == '\\';
	return at + 1;
}

static const char *skip_brackets(const char *at)
{
	int depth = 0;

	do {
		if (*at == '"') {
			at = skip_string(at);
			continue;
		}
		depth += *at == '{' || *at == '[';
		depth -= *at == '}' || *at == ']';
		at++;
	} while (depth);
	return at;
}

static bool is_value_end(char c)
{
	return c == ',' || c == '}' || c == ']' || is_blank(c);
}

static const char *skip_value(const char *at)
{
	if (*at == '"')
		return skip_string(at);
	if (*at == '{' || *at == '[')
		return skip_brackets(at);
	while (!is_value_end(*at))
		at++;
	return at;
}

/* To the next member's first character; false: the bracket closes. */
static bool find_next(const char **at)
{
	while (is_blank(**at) || **at == ',')
		(*at)++;
	return **at != '}' && **at != ']';
}

bool json_scan_element(const char **at, struct json_span *ret_value)
{
	if (!find_next(at))
		return false;
	ret_value->text = *at;
	*at = skip_value(*at);
	ret_value->length = (size_t)(*at - ret_value->text);
	return true;
}

bool json_scan_member(const char **at, struct json_span *ret_key,
		      struct json_span *ret_value)
{
	if (!json_scan_element(at, ret_key))
		return false;
	while (is_blank(**at) || **at == ':')
		(*at)++;
	return json_scan_element(at, ret_value);
}
