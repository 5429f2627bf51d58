#include "report/fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const json_t *field_find(const json_t *event, const char *path)
{
	while (event && *path) {
		size_t length = strcspn(path, ".");

		event = json_object_getn(event, path, length);
		path += length;
		path += *path == '.';
	}
	return event;
}

bool field_has(const json_t *event, const char *path)
{
	return field_find(event, path) != NULL;
}

const char *field_text(const json_t *event, const char *path)
{
	return json_string_value(field_find(event, path));
}

/* As schemas/README.md has them: lowercase, without leading zeros. */
static bool parse_hex(const char *text, uint64_t *ret_number)
{
	size_t length = strlen(text);

	if (length < 3 || length > 18 || strncmp(text, "0x", 2) ||
	    strspn(text + 2, "0123456789abcdef") != length - 2)
		return false;
	*ret_number = strtoull(text, NULL, 16);
	return true;
}

bool field_number(const json_t *event, const char *path, uint64_t *ret_number)
{
	const json_t *value = field_find(event, path);

	if (json_is_string(value))
		return parse_hex(json_string_value(value), ret_number);
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*ret_number = (uint64_t)json_integer_value(value);
	return true;
}

uint64_t field_number_or(const json_t *event, const char *path,
			 uint64_t otherwise)
{
	uint64_t number;

	return field_number(event, path, &number) ? number : otherwise;
}

bool field_is(const json_t *event, const char *path, const char *text)
{
	const char *found = field_text(event, path);

	return found && !strcmp(found, text);
}
