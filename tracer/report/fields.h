/*
 * Values of an event by a path of keys ("in.cs.base"). An event comes from a
 * file that may hold anything: what is absent or of another type than asked
 * for is simply not there. Borrows from the event.
 */
#ifndef REPORT_FIELDS_H
#define REPORT_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* NULL when there is none; NULL has no fields. */
const json_t *field_find(const json_t *event, const char *path);
bool field_has(const json_t *event, const char *path);
/* The string, or NULL. */
const char *field_text(const json_t *event, const char *path);
/* A number that isn't negative, or one of 64 bits as a hex string. */
bool field_number(const json_t *event, const char *path, uint64_t *ret_number);
/* The same, or this value. */
uint64_t field_number_or(const json_t *event, const char *path,
			 uint64_t otherwise);
bool field_is(const json_t *event, const char *path, const char *text);

#endif
