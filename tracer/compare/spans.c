#include "compare/spans.h"

#include <string.h>

bool span_is(struct json_span span, const char *text)
{
	size_t length = strlen(text);

	return span.length == length && !memcmp(span.text, text, length);
}

bool span_is_string(struct json_span span, const char *text)
{
	size_t length = strlen(text);

	return span.length == length + 2 && *span.text == '"' &&
	       !memcmp(span.text + 1, text, length);
}

bool span_read_number(struct json_span span, uint64_t *ret_number)
{
	uint64_t number = 0;

	/* 18 digits can't overflow, and no number of ours has more. */
	if (!span.length || span.length > 18)
		return false;
	for (size_t i = 0; i < span.length; i++) {
		if (span.text[i] < '0' || span.text[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(span.text[i] - '0');
	}
	*ret_number = number;
	return true;
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool span_read_hex(struct json_span span, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (span.length < 5 || span.length > 20 ||
	    memcmp(span.text, "\"0x", 3) != 0)
		return false;
	for (size_t i = 3; i < span.length - 1; i++) {
		int digit = digit_of(span.text[i]);

		if (digit < 0)
			return false;
		number = number << 4 | (uint64_t)digit;
	}
	*ret_number = number;
	return true;
}

bool span_read_bytes(struct json_span span, uint64_t *ret_number)
{
	uint64_t number = 0;

	if ((span.length != 10 && span.length != 18) || *span.text != '"')
		return false;
	for (size_t i = span.length - 1; i > 1; i -= 2) {
		int high = digit_of(span.text[i - 2]);
		int low = digit_of(span.text[i - 1]);

		if (high < 0 || low < 0)
			return false;
		number = number << 8 | (uint64_t)(high << 4 | low);
	}
	*ret_number = number;
	return true;
}
