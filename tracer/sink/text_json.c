#include "sink/text_internal.h"

#include <errno.h>
#include <stdlib.h>

const char *text_get_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const json_t *text_get_object(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_object(value) ? value : NULL;
}

const json_t *text_get_array(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_array(value) ? value : NULL;
}

bool text_get_integer(const json_t *object, const char *key,
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

	if (!text || text[0] != '0' || text[1] != 'x')
		return false;
	digits = strspn(text + 2, "0123456789abcdef");
	if (digits < 1 || digits > 16 || text[2 + digits])
		return false;
	*ret_value = strtoull(text + 2, NULL, 16);
	return true;
}

bool text_get_u64(const json_t *object, const char *key, uint64_t *ret_value)
{
	json_int_t number;

	if (!text_get_integer(object, key, &number))
		return parse_hex(text_get_string(object, key), ret_value);
	if (number < 0)
		return false;
	*ret_value = (uint64_t)number;
	return true;
}

bool text_is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

bool text_is_equal(const json_t *object, const char *key, const char *value)
{
	const char *text = text_get_string(object, key);

	return text && strcmp(text, value) == 0;
}

bool text_is_scalar(const json_t *value)
{
	return !json_is_object(value) && !json_is_array(value);
}
