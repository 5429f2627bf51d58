/* One JSON array of all events, for readers that want a document. */
#include <stdlib.h>

#include "base/log.h"
#include "sink/sink.h"

struct json_sink {
	struct line_sink head;
	struct output *output;
	bool has_lines;
	struct buffer line;
};

/* The comma goes before a line, so that the array can be closed at any time. */
static void write_line(struct line_sink *sink, const char *json, size_t length)
{
	struct json_sink *array = (struct json_sink *)sink;

	buffer_reset(&array->line);
	buffer_add_string(&array->line, array->has_lines ? "," : "[");
	buffer_add(&array->line, json, length);
	buffer_add_char(&array->line, '\n');
	output_write(array->output, array->line.data, array->line.length);
	array->has_lines = true;
}

/* Also behind a full disk: the output kept room for this. */
static void finish(struct line_sink *sink)
{
	struct json_sink *array = (struct json_sink *)sink;
	int error;

	output_flush(array->output);
	error = array->output->error;
	array->output->error = 0;
	output_write(array->output, array->has_lines ? "]\n" : "[]\n",
		     array->has_lines ? 2 : 3);
	output_flush(array->output);
	if (error)
		array->output->error = error;
	buffer_free(&array->line);
	free(array);
}

struct line_sink *json_sink_new(struct output *output)
{
	static const struct line_sink_ops ops = { write_line, finish };
	struct json_sink *array = calloc(1, sizeof(*array));

	if (!array)
		log_die("out of memory: the JSON sink");
	array->head.ops = &ops;
	array->output = output;
	output->reserve = 2;
	return &array->head;
}
