/*
 * What the text of a JSON value says, for values as the format writes them;
 * anything else is refused. The text has passed json_scan_check().
 */
#ifndef COMPARE_SPANS_H
#define COMPARE_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/json_scan.h"

/* Is it this text; this string, without escapes? */
bool span_is(struct json_span span, const char *text);
bool span_is_string(struct json_span span, const char *text);

/* A whole number from 0. */
bool span_read_number(struct json_span span, uint64_t *ret_number);
/* A string "0x…". */
bool span_read_hex(struct json_span span, uint64_t *ret_number);
/* A string of 4 or 8 bytes in memory order: the number that they are on x86. */
bool span_read_bytes(struct json_span span, uint64_t *ret_number);

#endif
