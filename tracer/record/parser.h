/*
 * From the JSON object of a line to the members of a struct, by the rows of
 * record_fields.h; every value is checked against the member that takes it.
 * For record_reader.c, which owns the parser and sets `line_number`.
 *
 * Functions return 0 or -EBADMSG, with the sentence in `error`.
 */
#ifndef RECORD_PARSER_H
#define RECORD_PARSER_H

#include <jansson.h>

#include "base/buffer.h"
#include "record/record_fields.h"

struct parser {
	unsigned long line_number;
	struct buffer texts;	/* strings of the line; must have room for it */
	char error[200];
};

/* Sets the sentence, behind the line number; returns -EBADMSG. */
int parser_fail(struct parser *parser, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

int parser_read_text(struct parser *parser, const char *key,
		     const json_t *value, const char **ret_text);

/* All keys of the object have to be rows of `fields`. */
int parser_read_fields(struct parser *parser, const struct field *fields,
		       json_t *object, void *base);

/* The index of the name that the object has under `key`, or -EBADMSG. */
int parser_read_name(struct parser *parser, json_t *object, const char *key,
		     const char *const *names, size_t count);

/* 0 … 15, or -1. */
int parser_hex_digit(char c);

#endif
