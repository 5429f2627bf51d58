/*
 * JSON read where it lies, without a document: for the million lines of a
 * trace, where jansson would take 7 us each. json_scan_check() looks at a
 * whole text once; the other functions trust that it did.
 */
#ifndef COMPARE_JSON_SCAN_H
#define COMPARE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Traces have a dozen levels; what recurses is bounded by this. */
#define JSON_SCAN_DEPTH_MAX 64

/* A value's text: a string's with its quotes. */
struct json_span {
	const char *text;
	size_t length;
};

struct json_member {
	struct json_span key, value;
};

/*
 * Is the text one JSON object of valid UTF-8? Its members (struct json_member,
 * not those of objects in it) are put into `members`. NULL, or what is wrong
 * with it at byte `*ret_at`. That keys stand only once it doesn't check.
 */
const char *json_scan_check(const char *text, size_t length,
			    struct buffer *members, size_t *ret_at);

/* The next member of an object (element of an array), from just behind its
 * opening bracket or the member before. False: there is no more. */
bool json_scan_member(const char **at, struct json_span *ret_key,
		      struct json_span *ret_value);
bool json_scan_element(const char **at, struct json_span *ret_value);

/* Has a string no escapes, so that its text is what stands in the quotes? */
bool json_scan_is_plain(struct json_span string);

/* Append what the string says, as UTF-8; half a surrogate pair is U+FFFD. */
void json_scan_unescape(struct buffer *out, struct json_span string);

#endif
