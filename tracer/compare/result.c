#include "compare/result.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static const struct result_format formats[] = {
	{ "text", result_print_text },
	{ "json", result_print_json },
	{ "gradescope", result_print_gradescope },
	{ "junit", result_print_junit },
	{ "tap", result_print_tap },
};

const struct result_format *result_format_at(size_t index)
{
	return index < sizeof(formats) / sizeof(formats[0]) ? &formats[index]
							    : NULL;
}

const struct result_format *result_find_format(const char *name)
{
	const struct result_format *format;

	for (size_t i = 0; (format = result_format_at(i)); i++)
		if (!strcmp(format->name, name))
			return format;
	return NULL;
}

const char *result_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

bool result_is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

void result_add_number(struct buffer *out, const json_t *object,
		       const char *key)
{
	buffer_add_format(out, "%.12g",
			  json_number_value(json_object_get(object, key)));
}

/* C1 controls, U+0080 to U+009F, begin with 0xc2 in UTF-8. */
void result_add_safe(struct buffer *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool is_c1 = c == 0xc2 && (unsigned char)text[1] < 0xa0;

		buffer_add_char(out, c < 0x20 || c == 0x7f || is_c1 ? '?'
								     : *text);
		text += is_c1 && text[1];
	}
}

void result_add_json(struct buffer *out, const json_t *value, size_t indent)
{
	char *text = json_dumps(value, JSON_ENSURE_ASCII | JSON_ENCODE_ANY |
				JSON_REAL_PRECISION(12) |
				(indent ? JSON_INDENT(indent) : JSON_COMPACT));

	if (!text)
		log_die("out of memory: a result");
	buffer_add_string(out, text);
	free(text);
}
