/*
 * Text of any origin as printable ASCII: a backslash is doubled, other
 * characters become \n, \xNN, \uNNNN or \UNNNNNNNN, as C writes them. What is
 * printed to a terminal goes through here, so that no control gets there.
 */
#ifndef SINK_TEXT_ESCAPE_H
#define SINK_TEXT_ESCAPE_H

#include <jansson.h>
#include <stddef.h>

#include "base/buffer.h"

void text_escape(struct buffer *out, const char *text, size_t length);
/* Nothing for what is no string. */
void text_escape_string(struct buffer *out, const json_t *string);
/* The same as text_escape() between quotes. */
void text_quote(struct buffer *out, const char *text, size_t length);

#endif
