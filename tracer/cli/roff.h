/*
 * Text for manual pages in the mdoc language (mandoc's mdoc(7)): escaped, a
 * sentence a line, so that no word is taken for a macro.
 */
#ifndef ROFF_H
#define ROFF_H

#include "base/buffer.h"

/* Paragraphs, with an empty line between; `words` between backticks bold. */
void roff_add_text(struct buffer *out, const char *text);

/* A word within a macro's line. */
void roff_add_word(struct buffer *out, const char *word, size_t length);

#endif
