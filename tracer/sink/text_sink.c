/* The text timeline as a live output: text.h fed with each line. */
#include <stdlib.h>

#include "base/log.h"
#include "sink/sink.h"
#include "sink/text.h"

struct text_sink {
	struct line_sink head;
	struct output *output;
	struct text_view *view;
	struct buffer text;
};

static void write_text(struct text_sink *text)
{
	if (text->text.length)
		output_write(text->output, text->text.data, text->text.length);
	buffer_reset(&text->text);
}

static void write_line(struct line_sink *sink, const char *json, size_t length)
{
	struct text_sink *text = (struct text_sink *)sink;
	json_t *event = json_loadb(json, length, JSON_ALLOW_NUL, NULL);

	if (!event)
		log_die("a line of ours is no JSON: %.*s", (int)length, json);
	text_view_event(text->view, event, &text->text);
	json_decref(event);
	write_text(text);
}

static void finish(struct line_sink *sink)
{
	struct text_sink *text = (struct text_sink *)sink;

	text_view_finish(text->view, &text->text);
	write_text(text);
	text_view_free(text->view);
	buffer_free(&text->text);
	free(text);
}

struct line_sink *text_sink_new(struct output *output,
				const struct text_options *options)
{
	static const struct line_sink_ops ops = { write_line, finish };
	struct text_sink *text = calloc(1, sizeof(*text));

	if (!text)
		log_die("out of memory: the text sink");
	text->head.ops = &ops;
	text->output = output;
	text->view = text_view_new(options);
	return &text->head;
}
