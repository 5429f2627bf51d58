#include "sink/html_values.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/json_member.h"
#include "base/json_writer.h"

/* ECMAScript's Number.MAX_SAFE_INTEGER, 2^53 - 1. */
#define SAFE_INTEGER 9007199254740991

/* A text's place in its list. */
struct part {
	size_t offset, length;
};

void html_values_init(struct html_values *values)
{
	*values = (struct html_values){ .seed = hash_new_seed() };
}

static void free_list(struct html_list *list)
{
	buffer_free(&list->text);
	buffer_free(&list->parts);
	hash_map_free(&list->map);
}

void html_values_free(struct html_values *values)
{
	free_list(&values->shapes);
	free_list(&values->nodes);
	buffer_free(&values->rows);
	buffer_free(&values->scratch);
}

static void append(struct html_list *list, const char *text, size_t length)
{
	struct part part;

	if (list->count++)
		buffer_add_string(&list->text, ",\n");
	part = (struct part){ list->text.length, length };
	buffer_add(&list->parts, &part, sizeof(part));
	buffer_add(&list->text, text, length);
}

static bool is_equal(const struct html_list *list, uint32_t number,
		     const char *text, size_t length)
{
	const struct part *parts = (const void *)list->parts.data;
	const struct part *part = &parts[number];

	return part->length == length &&
	       !memcmp(list->text.data + part->offset, text, length);
}

/* The text's number in the list, new or not. */
static uint32_t put_text(struct html_list *list, uint64_t seed,
			 const char *text, size_t length)
{
	uint64_t hash = hash_bytes(seed, text, length);
	uint32_t number;

	/* Should two hashes be equal, the other one has the next number's. */
	for (;; hash++) {
		number = *hash_map_at(&list->map, hash, list->count);
		if (number == list->count)
			append(list, text, length);
		if (is_equal(list, number, text, length))
			return number;
	}
}

/* The writer escapes all but "<", which could end the script's element. */
static void escape_less_than(struct buffer *text, size_t start)
{
	size_t count = 0, from, to;

	for (from = start; from < text->length; from++)
		count += text->data[from] == '<';
	if (!count)
		return;
	buffer_reserve(text, 5 * count);
	from = text->length;
	text->length += 5 * count;
	for (to = text->length; from-- > start;) {
		if (text->data[from] == '<') {
			to -= 6;
			memcpy(text->data + to, "\\u003c", 6);
		} else {
			text->data[--to] = text->data[from];
		}
	}
}

static void write_string(struct buffer *out, const char *text, size_t length)
{
	struct json_writer json = json_writer_on(out);
	size_t start = out->length;

	json_add_text(&json, NULL, text, length);
	escape_less_than(out, start);
}

static bool is_plain_number(const json_t *value)
{
	json_int_t number = json_integer_value(value);

	return json_is_integer(value) && number >= -SAFE_INTEGER &&
	       number <= SAFE_INTEGER;
}

static void write_scalar(struct buffer *out, const json_t *value)
{
	char *digits;

	if (json_is_string(value)) {
		write_string(out, json_string_value(value),
			     json_string_length(value));
	} else if (json_is_number(value)) {
		digits = json_dumps(value, JSON_ENCODE_ANY);
		buffer_add_string(out, "{\"n\":\"");
		buffer_add_string(out, digits ? digits : "?");
		buffer_add_string(out, "\"}");
		free(digits);
	} else {
		buffer_add_string(out, json_is_true(value) ? "true" :
				       json_is_false(value) ? "false" :
				       "null");
	}
}

static uint32_t put_value(struct html_values *values, const json_t *value);

/* What is on the stack from `start`, taken off it. */
static uint32_t pop_text(struct html_values *values, struct html_list *list,
			 size_t start)
{
	uint32_t number = put_text(list, values->seed,
				   values->scratch.data + start,
				   values->scratch.length - start);

	values->scratch.length = start;
	return number;
}

static uint32_t put_shape(struct html_values *values, const json_t *value)
{
	struct buffer *out = &values->scratch;
	size_t start = out->length, i;
	const char *key;
	json_t *part;

	if (json_is_array(value)) {
		buffer_add_char(out, '"');
		for (i = 0; i < json_array_size(value); i++)
			buffer_add_char(out, is_plain_number(
				json_array_get(value, i)) ? '#' : '$');
		buffer_add_char(out, '"');
		return pop_text(values, &values->shapes, start);
	}
	buffer_add_char(out, '[');
	json_member_foreach(value, key, part) {
		if (out->data[out->length - 1] != '[')
			buffer_add_char(out, ',');
		write_string(out, key, strlen(key));
		/* Behind the quote, where it needs no escape. */
		out->data[out->length - 1] = is_plain_number(part) ? '#' : '$';
		buffer_add_char(out, '"');
	}
	buffer_add_char(out, ']');
	return pop_text(values, &values->shapes, start);
}

static void add_number(struct buffer *out, json_int_t number)
{
	buffer_add_char(out, ',');
	buffer_add_signed(out, number);
}

/* A node's own text stands above its parts' on the stack. */
static void add_part(struct html_values *values, const json_t *part)
{
	if (is_plain_number(part))
		add_number(&values->scratch, json_integer_value(part));
	else
		add_number(&values->scratch, put_value(values, part));
}

/* The shape's number and the parts, separated by commas, on the stack. */
static void push_parts(struct html_values *values, const json_t *value)
{
	const char *key;
	json_t *part;
	size_t i;

	buffer_add_unsigned(&values->scratch, put_shape(values, value));
	if (json_is_array(value))
		for (i = 0; i < json_array_size(value); i++)
			add_part(values, json_array_get(value, i));
	else
		json_member_foreach(value, key, part)
			add_part(values, part);
}

static uint32_t put_value(struct html_values *values, const json_t *value)
{
	struct buffer *out = &values->scratch;
	size_t start = out->length;

	if (json_is_object(value) || json_is_array(value)) {
		buffer_add_char(out, '[');
		push_parts(values, value);
		buffer_add_char(out, ']');
	} else {
		write_scalar(out, value);
	}
	return pop_text(values, &values->nodes, start);
}

static size_t get_bytes(const struct html_values *values)
{
	return values->rows.length + values->nodes.text.length +
	       values->shapes.text.length;
}

bool html_values_add(struct html_values *values, const json_t *event,
		     const char *words, size_t max_bytes)
{
	struct buffer *out = &values->scratch;
	size_t rows = values->rows.length;
	size_t nodes = values->nodes.text.length;
	size_t shapes = values->shapes.text.length;

	buffer_reset(out);
	write_string(out, words, strlen(words));
	buffer_add_string(&values->rows, values->events ? ",\n" : "");
	buffer_add_unsigned(&values->rows, pop_text(values, &values->nodes, 0));
	push_parts(values, event);
	buffer_add_char(&values->rows, ',');
	buffer_add(&values->rows, out->data, out->length);
	if (get_bytes(values) <= max_bytes) {
		values->events++;
		return true;
	}
	values->rows.length = rows;
	values->nodes.text.length = nodes;
	values->shapes.text.length = shapes;
	return false;
}
