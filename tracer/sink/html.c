#include "sink/html.h"

#include <stdlib.h>

#include "base/log.h"
#include "sink/html_internal.h"
#include "sink/text_words.h"

#define EVENTS_MAX 100000
#define BYTES_MAX (40u << 20)
#define ROWS_MAX 2000		/* a table that any browser shows at once */
#define ROW_BYTES_MAX 1000	/* of an event's words there */

struct html_view *html_view_new(const struct html_options *options)
{
	struct html_view *view = calloc(1, sizeof(*view));

	if (!view)
		log_die("out of memory: the HTML page");
	view->options = *options;
	if (!view->options.max_events)
		view->options.max_events = EVENTS_MAX;
	if (!view->options.max_bytes)
		view->options.max_bytes = BYTES_MAX;
	view->words = text_words_new();
	html_facts_init(&view->facts);
	html_values_init(&view->values);
	return view;
}

static void add_time(struct buffer *out, const json_t *event)
{
	uint64_t ns;

	if (json_member_u64(event, "ts_ns", &ns))
		buffer_add_format(out, "%llu.%03llu",
				  (unsigned long long)(ns / 1000000),
				  (unsigned long long)(ns / 1000 % 1000));
}

static void add_row(struct html_view *view, const json_t *event)
{
	struct buffer *out = &view->rows;
	struct buffer target = BUFFER_EMPTY;
	uint64_t seq = 0;
	size_t length = view->text.length;

	json_member_u64(event, "seq", &seq);
	buffer_add_format(out, "<tr id=\"e%llu\"><td>%llu<td>",
			  (unsigned long long)seq, (unsigned long long)seq);
	add_time(out, event);
	buffer_add_string(out, "<td>");
	text_words_format_target(event, &target);
	html_add_text(out, target.data, target.length);
	buffer_add_string(out, "<td>");
	html_add_text(out, view->text.data,
		      length < ROW_BYTES_MAX ? length : ROW_BYTES_MAX);
	buffer_add_string(out, length < ROW_BYTES_MAX ? "\n" : " ...\n");
	buffer_free(&target);
	view->row_count++;
}

void html_view_event(struct html_view *view, const json_t *event)
{
	html_facts_event(&view->facts, event);
	if (view->is_cut)
		return;
	text_words_format(view->words, event, &view->text);
	view->is_cut = view->values.events >= view->options.max_events ||
		       !html_values_add(&view->values, event,
					buffer_string(&view->text),
					view->options.max_bytes);
	if (!view->is_cut && view->row_count < ROWS_MAX)
		add_row(view, event);
}

void html_view_finish(struct html_view *view, struct output *output)
{
	html_page_write(view, output);
	output_flush(output);
}

void html_view_free(struct html_view *view)
{
	if (!view)
		return;
	text_view_free(view->words);
	html_facts_free(&view->facts);
	html_values_free(&view->values);
	buffer_free(&view->text);
	buffer_free(&view->rows);
	free(view);
}
