#include "sink/text_internal.h"

#include <stdio.h>

#define SHOWN_ELEMENTS 8
#define SHORT_COLUMNS 60
#define SHORT_MEMBERS 8
#define DEPTH_MAX 8
#define TABLE_ROWS_MIN 3
#define TABLE_ROWS_MAX 64	/* of members: bounds what odd events cost */

bool text_value_is_short(struct text_view *view, const json_t *object)
{
	struct buffer *word = text_line_word(&view->line);
	const char *key;
	json_t *value;

	if (json_object_size(object) > SHORT_MEMBERS)
		return false;
	json_member_foreach(object, key, value) {
		if (text_format_is_companion(object, key))
			continue;
		if (!text_is_scalar(value))
			return false;
		text_format_member(view, word, object, key, value);
		buffer_add_string(word, "  ");
	}
	return word->length <= SHORT_COLUMNS;
}

static void add_member(struct text_view *view, const json_t *object,
		       const char *key, const json_t *value)
{
	text_format_member(view, text_line_word(&view->line), object, key,
			   value);
	text_line_put(&view->line, 2, STYLE_PLAIN);
}

void text_value_add_scalars(struct text_view *view, const json_t *object)
{
	const char *key;
	json_t *value;

	json_member_foreach(object, key, value)
		if (text_is_scalar(value) &&
		    !text_format_is_companion(object, key))
			add_member(view, object, key, value);
}

static size_t count_shown(const struct text_view *view, const json_t *array)
{
	size_t size = json_array_size(array);

	if (view->options.long_arrays || size <= SHOWN_ELEMENTS)
		return size;
	return SHOWN_ELEMENTS;
}

static bool is_all_scalar(const json_t *array)
{
	size_t i;

	for (i = 0; i < json_array_size(array); i++)
		if (!text_is_scalar(json_array_get(array, i)))
			return false;
	return true;
}

static bool is_all_equal(const json_t *array)
{
	size_t i;

	for (i = 1; i < json_array_size(array); i++)
		if (!json_equal(json_array_get(array, 0),
				json_array_get(array, i)))
			return false;
	return json_array_size(array) > 1;
}

static void add_key(struct text_view *view, const char *key)
{
	text_escape(text_line_word(&view->line), key, strlen(key));
	text_line_put(&view->line, 2, STYLE_DIM);
}

/*
 * "interrupt_bitmap 0x0 (4 times)", "indices IA32_EFER (0xc0000080) ... 40
 * more": the names, if any, stand in an array of their own.
 */
static void add_scalars_of_array(struct text_view *view, const char *key,
				 const json_t *array, const json_t *names)
{
	size_t shown = count_shown(view, array), size = json_array_size(array);
	bool is_equal = is_all_equal(array);
	size_t i;

	if (!size)
		text_line_add(&view->line, 1, STYLE_PLAIN, "(none)");
	for (i = 0; i < (is_equal ? 1 : shown); i++) {
		text_format_named(view, text_line_word(&view->line), key,
				  json_array_get(array, i),
				  json_array_get(names, i));
		text_line_put(&view->line, names ? 2 : 1, STYLE_PLAIN);
	}
	if (is_equal)
		text_line_add(&view->line, 1, STYLE_DIM, "(%zu times)", size);
	else if (shown < size)
		text_line_add(&view->line, 1, STYLE_DIM, "... %zu more",
			      size - shown);
}

static void add_members(struct text_view *view, const json_t *object,
			unsigned column, unsigned depth);
static void add_inner(struct text_view *view, const json_t *value,
		      unsigned column, unsigned depth);
static void add_elements(struct text_view *view, const json_t *array,
			 unsigned column, unsigned depth);

/* Any value on a line of its own, behind its name. */
static void add_named(struct text_view *view, const char *key,
		      const json_t *value, const json_t *names,
		      unsigned column, unsigned depth)
{
	struct text_line *line = &view->line;

	text_line_next(line, column);
	line->indent = column + 2;
	add_key(view, key);
	if (text_is_scalar(value)) {
		text_format_named(view, text_line_word(line), key, value,
				  names);
		text_line_put(line, 1, STYLE_PLAIN);
	} else if (json_is_array(value) && is_all_scalar(value)) {
		add_scalars_of_array(view, key, value, names);
	} else {
		add_inner(view, value, column + 2, depth + 1);
	}
}

/* What isn't a scalar nor made of scalars, behind its name. */
static void add_inner(struct text_view *view, const json_t *value,
		      unsigned column, unsigned depth)
{
	if (depth > DEPTH_MAX)
		text_line_add(&view->line, 1, STYLE_DIM, "...");
	else if (json_is_array(value))
		add_elements(view, value, column, depth);
	else
		add_members(view, value, column, depth);
}

static void add_row(struct text_view *view, const char *name,
		    const json_t *object)
{
	struct text_row row = { name, object };

	buffer_add(&view->rows, &row, sizeof(row));
}

static size_t count_rows(const struct text_view *view)
{
	return view->rows.length / sizeof(struct text_row);
}

/* Members from `key` on that look alike, as a table; returns how many. */
static size_t add_member_table(struct text_view *view, const json_t *object,
			       const char *key)
{
	json_t *members = (json_t *)(uintptr_t)object;
	const json_t *first = json_object_get(object, key);
	void *at = json_object_iter_at(members, key);
	const json_t *value;

	buffer_reset(&view->rows);
	for (; at && count_rows(view) < TABLE_ROWS_MAX;
	     at = json_object_iter_next(members, at)) {
		value = json_object_iter_value(at);
		if (!text_table_is_alike(first, value))
			break;
		add_row(view, json_object_iter_key(at), value);
	}
	if (count_rows(view) < TABLE_ROWS_MIN || !text_table_draw(view))
		return 0;
	return count_rows(view);
}

static bool add_element_table(struct text_view *view, const json_t *array)
{
	size_t shown = count_shown(view, array);
	const json_t *first = json_array_get(array, 0);
	size_t i;

	buffer_reset(&view->rows);
	for (i = 0; i < shown; i++) {
		if (!text_table_is_alike(first, json_array_get(array, i)))
			return false;
		add_row(view, NULL, json_array_get(array, i));
	}
	return shown > 1 && text_table_draw(view);
}

static void add_elements(struct text_view *view, const json_t *array,
			 unsigned column, unsigned depth)
{
	size_t shown = count_shown(view, array), size = json_array_size(array);
	char number[32];
	size_t i;

	text_line_add(&view->line, 1, STYLE_DIM, "(%zu)", size);
	if (!add_element_table(view, array)) {
		for (i = 0; i < shown; i++) {
			snprintf(number, sizeof(number), "[%zu]", i);
			add_named(view, number, json_array_get(array, i), NULL,
				  column, depth);
		}
	}
	if (shown < size) {
		text_line_next(&view->line, column);
		text_line_add(&view->line, 1, STYLE_DIM, "... %zu more",
			      size - shown);
	}
}

/* Members that are no scalars, from `key` on; returns how many were shown. */
static size_t add_nested(struct text_view *view, const json_t *object,
			 const char *key, unsigned column, unsigned depth)
{
	const json_t *value = json_object_get(object, key);
	const struct abi_type *outer = view->type;
	size_t count = 0;

	if (json_is_object(value) || !is_all_scalar(value))
		text_type_enter(view, object, key);
	if (json_is_object(value))
		count = add_member_table(view, object, key);
	if (!count)
		add_named(view, key, value, text_format_find_name(object, key),
			  column, depth);
	view->type = outer;
	return count ? count : 1;
}

/*
 * All members, in their order: scalars side by side, others on lines of
 * their own. Begins on an open line and leaves one open.
 */
static void add_members(struct text_view *view, const json_t *object,
			unsigned column, unsigned depth)
{
	bool is_behind_nested = false;
	size_t skip = 0;
	const char *key;
	json_t *value;

	json_member_foreach(object, key, value) {
		if (skip && skip--)
			continue;
		if (text_format_is_companion(object, key))
			continue;
		if (text_is_scalar(value)) {
			if (is_behind_nested)
				text_line_next(&view->line, column);
			is_behind_nested = false;
			add_member(view, object, key, value);
			continue;
		}
		is_behind_nested = true;
		skip = add_nested(view, object, key, column, depth) - 1;
	}
}

void text_value_add_block(struct text_view *view, const char *label,
			  const json_t *object)
{
	if (!json_object_size(object))
		return;
	text_line_begin(&view->line, label, STYLE_DIM);
	add_members(view, object, TEXT_GUTTER, 0);
	text_line_end(&view->line);
}
