/*
 * Forgiving access to the members of an event: a recorded trace may come from
 * anywhere, so a key that is absent or of another type gives NULL or false.
 */
#ifndef BASE_JSON_MEMBER_H
#define BASE_JSON_MEMBER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The text, up to its first NUL; NULL: none. */
const char *json_member_text(const json_t *object, const char *key);
bool json_member_is(const json_t *object, const char *key, const char *text);
bool json_member_integer(const json_t *object, const char *key,
			 json_int_t *ret_value);
/* An integer that isn't negative, or the format's hex string. */
bool json_member_u64(const json_t *object, const char *key,
		     uint64_t *ret_value);
const json_t *json_member_object(const json_t *object, const char *key);
const json_t *json_member_array(const json_t *object, const char *key);
bool json_member_is_true(const json_t *object, const char *key);

/* jansson's iterators take a plain pointer, although they change nothing. */
#define json_member_foreach(object, key, value) \
	json_object_foreach((json_t *)(uintptr_t)(object), key, value)

#endif
