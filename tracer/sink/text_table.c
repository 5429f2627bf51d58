#include "sink/text_internal.h"

#define COLUMNS_MAX 16

/* How a table may be laid out, the best first. */
static const struct layout {
	unsigned column;	/* where it begins */
	unsigned gap;		/* between columns */
} layouts[] = {
	{ TEXT_GUTTER, 2 }, { TEXT_GUTTER, 1 }, { 12, 1 }, { 4, 1 },
};

struct widths {
	unsigned name;
	unsigned count;
	size_t of[COLUMNS_MAX];
};

/* Members of a row that have a column, in order. */
static void *next_column(const json_t *object, void *at)
{
	json_t *members = (json_t *)(uintptr_t)object;

	at = at ? json_object_iter_next(members, at)
		: json_object_iter(members);
	while (at && text_format_is_companion(object, json_object_iter_key(at)))
		at = json_object_iter_next(members, at);
	return at;
}

bool text_table_is_alike(const json_t *object, const json_t *next)
{
	void *at = NULL, *next_at = NULL;
	unsigned count = 0;

	if (!json_is_object(object) || !json_is_object(next))
		return false;
	for (;; count++) {
		at = next_column(object, at);
		next_at = next_column(next, next_at);
		if (!at || !next_at)
			return !at && !next_at && count > 1;
		if (count == COLUMNS_MAX ||
		    !text_is_scalar(json_object_iter_value(next_at)) ||
		    strcmp(json_object_iter_key(at),
			   json_object_iter_key(next_at)) != 0)
			return false;
	}
}

static void format_cell(struct text_view *view, const json_t *object, void *at)
{
	text_format_value(view, text_line_word(&view->line), object,
			  json_object_iter_key(at),
			  json_object_iter_value(at));
}

static void format_name(struct text_view *view, const struct text_row *row,
			size_t index)
{
	struct buffer *word = text_line_word(&view->line);

	if (row->name)
		text_escape(word, row->name, strlen(row->name));
	else
		buffer_add_format(word, "[%zu]", index);
}

static void format_header(struct text_view *view, void *at)
{
	const char *key = json_object_iter_key(at);

	text_escape(text_line_word(&view->line), key, strlen(key));
}

static void widen(size_t *width, const struct text_view *view)
{
	if (*width < view->line.word.length)
		*width = view->line.word.length;
}

static const struct text_row *get_rows(const struct text_view *view,
				       size_t *ret_count)
{
	*ret_count = view->rows.length / sizeof(struct text_row);
	return (const struct text_row *)(const void *)view->rows.data;
}

static struct widths measure(struct text_view *view)
{
	struct widths widths = { 0, 0, { 0 } };
	size_t count, i, name = 0;
	const struct text_row *rows = get_rows(view, &count);
	unsigned column;
	void *at;

	for (i = 0; i < count; i++) {
		format_name(view, &rows[i], i);
		widen(&name, view);
		column = 0;
		for (at = next_column(rows[i].object, NULL);
		     at && column < COLUMNS_MAX;
		     at = next_column(rows[i].object, at), column++) {
			format_header(view, at);
			widen(&widths.of[column], view);
			format_cell(view, rows[i].object, at);
			widen(&widths.of[column], view);
		}
		widths.count = column;
	}
	widths.name = (unsigned)name;
	return widths;
}

/* The best layout that fits, NULL: none does. */
static const struct layout *choose_layout(const struct text_view *view,
					  const struct widths *widths)
{
	size_t i, width;
	unsigned column;

	for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		width = layouts[i].column + widths->name;
		for (column = 0; column < widths->count; column++)
			width += layouts[i].gap + widths->of[column];
		if (width <= view->line.width)
			return &layouts[i];
	}
	return NULL;
}

/* The word at the right end of its column. */
static void put_cell(struct text_line *line, const struct layout *layout,
		     size_t width, enum text_style style)
{
	size_t length = line->word.length;
	size_t blanks = layout->gap + (width > length ? width - length : 0);

	text_line_align(line, line->column + (unsigned)blanks);
	text_line_put(line, 0, style);
}

static void draw_header(struct text_view *view, const struct layout *layout,
			const struct widths *widths, const json_t *object)
{
	unsigned column = 0;
	void *at;

	text_line_next(&view->line, layout->column);
	text_line_align(&view->line, layout->column + widths->name);
	for (at = next_column(object, NULL); at; at = next_column(object, at)) {
		format_header(view, at);
		put_cell(&view->line, layout, widths->of[column++], STYLE_DIM);
	}
}

static void draw_row(struct text_view *view, const struct layout *layout,
		     const struct widths *widths, const json_t *object)
{
	unsigned column = 0;
	void *at;

	text_line_align(&view->line, layout->column + widths->name);
	for (at = next_column(object, NULL); at; at = next_column(object, at)) {
		format_cell(view, object, at);
		put_cell(&view->line, layout, widths->of[column++],
			 STYLE_PLAIN);
	}
}

bool text_table_draw(struct text_view *view)
{
	struct widths widths = measure(view);
	const struct layout *layout = choose_layout(view, &widths);
	size_t count, i;
	const struct text_row *rows = get_rows(view, &count);

	if (!layout)
		return false;
	draw_header(view, layout, &widths, rows[0].object);
	for (i = 0; i < count; i++) {
		text_line_next(&view->line, layout->column);
		format_name(view, &rows[i], i);
		text_line_put(&view->line, 0, STYLE_DIM);
		draw_row(view, layout, &widths, rows[i].object);
	}
	return true;
}
