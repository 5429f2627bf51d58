#include "record/parser.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/* The numbers that a member holds. */
static const struct {
	int64_t least, most;
} limits[] = {
	[FIELD_I32] = { INT32_MIN, INT32_MAX },
	[FIELD_U32] = { 0, UINT32_MAX },
	[FIELD_I64] = { INT64_MIN, INT64_MAX },
	[FIELD_TIME] = { 0, INT64_MAX },
};

/* The sentence may quote the file: it must be safe to print on a terminal. */
int parser_fail(struct parser *parser, const char *format, ...)
{
	va_list arguments;
	int used = snprintf(parser->error, sizeof(parser->error), "line %lu: ",
			    parser->line_number);

	va_start(arguments, format);
	vsnprintf(parser->error + used, sizeof(parser->error) - (size_t)used,
		  format, arguments);
	va_end(arguments);
	for (char *c = parser->error; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return -EBADMSG;
}

/* UTF-8 of code points below 0x100 to bytes; jansson refused bad UTF-8. */
int parser_read_text(struct parser *parser, const char *key,
		     const json_t *value, const char **ret_text)
{
	const char *s = json_string_value(value);
	size_t start = parser->texts.length;

	if (!s)
		return parser_fail(parser, "\"%s\" has to be a string", key);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0xc4)
			return parser_fail(parser, "\"%s\" is text of bytes: "
					   "no characters above \\u00ff", key);
		if (c >= 0x80)
			c = (unsigned char)(c << 6 | (*++s & 0x3f));
		buffer_add_char(&parser->texts, (char)c);
	}
	buffer_add_char(&parser->texts, '\0');
	*ret_text = parser->texts.data + start;
	return 0;
}

int parser_hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_hex(struct parser *parser, const char *key,
		    const json_t *value, uint64_t *ret_number)
{
	const char *s = json_string_value(value);
	uint64_t number = 0;
	size_t length = 0;

	if (s && s[0] == '0' && s[1] == 'x')
		for (s += 2; length < 16 && parser_hex_digit(s[length]) >= 0;
		     length++)
			number = number << 4 |
				 (uint64_t)parser_hex_digit(s[length]);
	if (!length || s[length])
		return parser_fail(parser, "\"%s\" has to be a string like "
				   "\"0x1f\"", key);
	*ret_number = number;
	return 0;
}

static int read_args(struct parser *parser, const char *key,
		     const json_t *value, uint64_t *args)
{
	if (!json_is_array(value) || json_array_size(value) > RECORD_ARGS)
		return parser_fail(parser, "\"%s\" has to be an array of at "
				   "most %zu", key, RECORD_ARGS);
	for (size_t i = 0; i < json_array_size(value); i++) {
		int r = read_hex(parser, key, json_array_get(value, i),
				 &args[i]);

		if (r)
			return r;
	}
	return 0;
}

static int read_bool(struct parser *parser, const char *key,
		     const json_t *value, bool *ret_bool)
{
	if (!json_is_boolean(value))
		return parser_fail(parser, "\"%s\" has to be true or false",
				   key);
	*ret_bool = json_is_true(value);
	return 0;
}

static int read_number(struct parser *parser, const struct field *field,
		       const json_t *value, void *member)
{
	int64_t least = limits[field->kind].least;
	int64_t most = limits[field->kind].most;
	int64_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < least || number > most)
		return parser_fail(parser, "\"%s\" has to be a whole number "
				   "from %lld to %lld", field->key,
				   (long long)least, (long long)most);
	if (field->kind == FIELD_I32)
		*(int32_t *)member = (int32_t)number;
	else if (field->kind == FIELD_U32)
		*(uint32_t *)member = (uint32_t)number;
	else if (field->kind == FIELD_TIME)
		*(uint64_t *)member = (uint64_t)number;
	else
		*(int64_t *)member = number;
	return 0;
}

static int read_group(struct parser *parser, const struct field *field,
		      json_t *value, void *member)
{
	if (!json_is_object(value))
		return parser_fail(parser, "\"%s\" has to be an object",
				   field->key);
	return parser_read_fields(parser, field->members, value, member);
}

static int read_field(struct parser *parser, const struct field *field,
		      json_t *value, void *member)
{
	switch (field->kind) {
	case FIELD_ELSEWHERE:
		return 0;
	case FIELD_BOOL:
		return read_bool(parser, field->key, value, member);
	case FIELD_HEX:
		return read_hex(parser, field->key, value, member);
	case FIELD_ARGS:
		return read_args(parser, field->key, value, member);
	case FIELD_TEXT:
		return parser_read_text(parser, field->key, value, member);
	case FIELD_GROUP:
		return read_group(parser, field, value, member);
	default:
		return read_number(parser, field, value, member);
	}
}

int parser_read_fields(struct parser *parser, const struct field *fields,
		       json_t *object, void *base)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		const struct field *field = fields;
		int r;

		while (field->key && strcmp(field->key, key) != 0)
			field++;
		if (!field->key)
			return parser_fail(parser, "unknown key \"%.60s\"",
					   key);
		r = read_field(parser, field, value,
			       (char *)base + field->offset);
		if (r)
			return r;
	}
	return 0;
}

int parser_read_name(struct parser *parser, json_t *object, const char *key,
		     const char *const *names, size_t count)
{
	const char *text = json_string_value(json_object_get(object, key));

	for (size_t i = 0; text && i < count; i++)
		if (strcmp(names[i], text) == 0)
			return (int)i;
	return parser_fail(parser, "\"%s\" is missing or unknown: \"%.60s\"",
			   key, text ? text : "");
}
