#include "sink/text_internal.h"

#include <stdio.h>

#define SHOWN_BYTES 32
#define SHOWN_CHARACTERS 256

static bool has_suffix(const char *key, const char *suffix)
{
	size_t key_length = strlen(key), length = strlen(suffix);

	return key_length > length &&
	       strcmp(key + key_length - length, suffix) == 0;
}

/* The member `key` + `suffix` of the object, NULL when there is none. */
static const json_t *find_beside(const json_t *object, const char *key,
				 const char *suffix)
{
	char name[80];
	int length;

	length = snprintf(name, sizeof(name), "%s%s", key, suffix);
	if (length < 0 || (size_t)length >= sizeof(name))
		return NULL;
	return json_object_get(object, name);
}

const json_t *text_format_find_name(const json_t *object, const char *key)
{
	const json_t *name = find_beside(object, key, "_name");

	return name ? name : find_beside(object, key, "_names");
}

bool text_format_is_companion(const json_t *object, const char *key)
{
	static const char *const suffixes[] = { "_names", "_name" };
	char base[80];
	size_t i, length;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (!has_suffix(key, suffixes[i]))
			continue;
		length = strlen(key) - strlen(suffixes[i]);
		if (length >= sizeof(base))
			return false;
		memcpy(base, key, length);
		base[length] = '\0';
		return json_object_get(object, base) != NULL;
	}
	return false;
}

static void format_cut(struct buffer *out, size_t left, const char *unit)
{
	buffer_add_format(out, " ... %zu more%s", left, unit);
}

static void format_bytes(struct text_view *view, struct buffer *out,
			 const json_t *string)
{
	const char *digits = json_string_value(string);
	size_t length = json_string_length(string);
	size_t shown = length;

	if (!view->options.long_arrays && length / 2 > SHOWN_BYTES)
		shown = SHOWN_BYTES * 2;
	text_escape(out, digits, shown);
	if (shown < length)
		format_cut(out, (length - shown) / 2, " bytes");
}

/* Words such as 0x1f, KVM_CAP_IRQCHIP or /dev/kvm need no quotes. */
static bool is_bare(const char *text, size_t length)
{
	static const char *const characters =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_-+./:@%=";

	return length && strspn(text, characters) == length;
}

static void format_string(struct text_view *view, struct buffer *out,
			  const char *key, const json_t *string)
{
	const char *text = json_string_value(string);
	size_t length = json_string_length(string);
	size_t shown = length;

	if (has_suffix(key, "_hex")) {
		format_bytes(view, out, string);
		return;
	}
	if (is_bare(text, length) && strcmp(key, "text") != 0) {
		buffer_add(out, text, length);
		return;
	}
	if (!view->options.long_arrays && length > SHOWN_CHARACTERS)
		shown = SHOWN_CHARACTERS;
	text_quote(out, text, shown);
	if (shown < length)
		format_cut(out, length - shown, "");
}

static void format_names(struct buffer *out, const json_t *names)
{
	size_t i;

	if (!json_array_size(names))
		return;
	for (i = 0; i < json_array_size(names); i++) {
		buffer_add_string(out, i ? " " : " [");
		text_escape_string(out, json_array_get(names, i));
	}
	buffer_add_char(out, ']');
}

void text_format_plain(struct text_view *view, struct buffer *out,
			 const char *key, const json_t *value, bool in_hex)
{
	json_int_t number = json_integer_value(value);

	if (json_is_string(value))
		format_string(view, out, key, value);
	else if (json_is_integer(value) && number >= 0 && in_hex)
		buffer_add_hex(out, (unsigned long long)number);
	else if (json_is_integer(value))
		buffer_add_signed(out, number);
	else if (json_is_real(value))
		buffer_add_format(out, "%g", json_real_value(value));
	else if (json_is_null(value))
		buffer_add_string(out, "null");
	else
		buffer_add_string(out, json_is_true(value) ? "true" : "false");
}

void text_format_named(struct text_view *view, struct buffer *out,
		       const char *key, const json_t *value,
		       const json_t *name)
{
	bool in_hex = json_is_array(name) || text_type_is_hex(view, key);

	if (json_is_string(name)) {
		text_escape_string(out, name);
		buffer_add_string(out, " (");
	}
	text_format_plain(view, out, key, value, in_hex);
	if (json_is_string(name))
		buffer_add_char(out, ')');
	format_names(out, name);
}

void text_format_value(struct text_view *view, struct buffer *out,
		       const json_t *object, const char *key,
		       const json_t *value)
{
	text_format_named(view, out, key, value,
			  text_format_find_name(object, key));
}

static void format_key(struct buffer *out, const char *key)
{
	size_t length = strlen(key);

	text_escape(out, key, length - (has_suffix(key, "_hex") ? 4 : 0));
}

void text_format_member(struct text_view *view, struct buffer *out,
			  const json_t *object, const char *key,
			  const json_t *value)
{
	format_key(out, key);
	buffer_add_char(out, ' ');
	text_format_value(view, out, object, key, value);
}
