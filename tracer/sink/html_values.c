#include "sink/html_values.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/json_writer.h"
#include "base/log.h"

/* ECMAScript's Number.MAX_SAFE_INTEGER, 2^53 - 1. */
#define SAFE_INTEGER 9007199254740991

struct html_slot {
	uint64_t hash;
	size_t offset, length;	/* in the list's text; no length: free */
	uint32_t number;
};

void html_values_init(struct html_values *values)
{
	struct timespec now;

	*values = (struct html_values){ 0 };
	if (getrandom(&values->seed, sizeof(values->seed), GRND_NONBLOCK) ==
	    sizeof(values->seed))
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	values->seed = (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15u;
}

static void free_list(struct html_list *list)
{
	buffer_free(&list->text);
	free(list->slots);
}

void html_values_free(struct html_values *values)
{
	free_list(&values->shapes);
	free_list(&values->nodes);
	buffer_free(&values->rows);
	buffer_free(&values->scratch);
}

/* The two halves of a 128-bit product: each bit depends on all others. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product =
		(unsigned __int128)(a ^ 0x9e3779b97f4a7c15u) *
		(b ^ 0xd1b54a32d192ed03u);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash_text(uint64_t hash, const char *text, size_t length)
{
	uint64_t word;

	hash ^= length;
	for (; length >= sizeof(word); length -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		hash = mix(hash, word);
		text += sizeof(word);
	}
	word = 0;
	if (length)
		memcpy(&word, text, length);
	return mix(hash, word);
}

/* The text's slot, or the free one where it belongs. */
static struct html_slot *find_slot(const struct html_list *list, uint64_t hash,
				   const char *text, size_t length)
{
	size_t mask = list->capacity - 1;
	size_t at = (size_t)hash & mask;
	struct html_slot *slot;

	for (;; at = (at + 1) & mask) {
		slot = &list->slots[at];
		if (!slot->length)
			return slot;
		if (slot->hash == hash && slot->length == length &&
		    !memcmp(list->text.data + slot->offset, text, length))
			return slot;
	}
}

/* At most half of the slots are in use, so there is always a free one. */
static void grow_list(struct html_list *list)
{
	struct html_list old = *list;
	size_t mask, at;

	list->capacity = old.capacity ? old.capacity * 2 : 256;
	list->slots = calloc(list->capacity, sizeof(*list->slots));
	if (!list->slots)
		log_die("out of memory: the page's data");
	mask = list->capacity - 1;
	for (size_t i = 0; i < old.capacity; i++) {
		if (!old.slots[i].length)
			continue;
		for (at = (size_t)old.slots[i].hash & mask;
		     list->slots[at].length; at = (at + 1) & mask)
			;
		list->slots[at] = old.slots[i];
	}
	free(old.slots);
}

/* The text's number in the list, new or not. */
static uint32_t put_text(struct html_list *list, uint64_t seed,
			 const char *text, size_t length)
{
	uint64_t hash = hash_text(seed, text, length);
	struct html_slot *slot;

	if (list->count >= list->capacity / 2)
		grow_list(list);
	slot = find_slot(list, hash, text, length);
	if (slot->length)
		return slot->number;
	if (list->count)
		buffer_add_string(&list->text, ",\n");
	*slot = (struct html_slot){ hash, list->text.length, length,
				    (uint32_t)list->count };
	buffer_add(&list->text, text, length);
	list->count++;
	return slot->number;
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
	json_object_foreach((json_t *)(uintptr_t)value, key, part) {
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
		json_object_foreach((json_t *)(uintptr_t)value, key, part)
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
