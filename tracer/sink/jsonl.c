/* JSON Lines: the trace as it is, an object a line. */
#include <stdlib.h>

#include "base/log.h"
#include "sink/sink.h"

struct jsonl_sink {
	struct line_sink head;
	struct output *output;
	struct buffer line;
};

static void write_line(struct line_sink *sink, const char *json, size_t length)
{
	struct jsonl_sink *jsonl = (struct jsonl_sink *)sink;

	buffer_reset(&jsonl->line);
	buffer_add(&jsonl->line, json, length);
	buffer_add_char(&jsonl->line, '\n');
	output_write(jsonl->output, jsonl->line.data, jsonl->line.length);
}

static void finish(struct line_sink *sink)
{
	buffer_free(&((struct jsonl_sink *)sink)->line);
	free(sink);
}

struct line_sink *jsonl_sink_new(struct output *output)
{
	static const struct line_sink_ops ops = { write_line, finish };
	struct jsonl_sink *jsonl = calloc(1, sizeof(*jsonl));

	if (!jsonl)
		log_die("out of memory: the JSON Lines sink");
	jsonl->head.ops = &ops;
	jsonl->output = output;
	return &jsonl->head;
}
