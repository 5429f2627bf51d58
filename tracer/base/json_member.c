#include "base/json_member.h"

#include <stdlib.h>
#include <string.h>

const char *json_member_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

bool json_member_is(const json_t *object, const char *key, const char *text)
{
	const char *found = json_member_text(object, key);

	return found && !strcmp(found, text);
}

bool json_member_integer(const json_t *object, const char *key,
			 json_int_t *ret_value)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		return false;
	*ret_value = json_integer_value(value);
	return true;
}

static bool parse_hex(const char *text, uint64_t *ret_value)
{
	size_t digits;

	if (!text || strncmp(text, "0x", 2))
		return false;
	digits = strspn(text + 2, "0123456789abcdef");
	if (digits < 1 || digits > 16 || text[2 + digits])
		return false;
	*ret_value = strtoull(text + 2, NULL, 16);
	return true;
}

bool json_member_u64(const json_t *object, const char *key,
		     uint64_t *ret_value)
{
	json_int_t number;

	if (!json_member_integer(object, key, &number))
		return parse_hex(json_member_text(object, key), ret_value);
	if (number < 0)
		return false;
	*ret_value = (uint64_t)number;
	return true;
}

const json_t *json_member_object(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_object(value) ? value : NULL;
}

const json_t *json_member_array(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_array(value) ? value : NULL;
}

bool json_member_is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}
