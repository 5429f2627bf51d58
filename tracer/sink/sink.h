/*
 * A line sink: one output format of the timeline. It is given every line as
 * JSON text, in order, and writes its own form of it.
 */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stddef.h>

#include "sink/output.h"

struct text_options;
struct line_sink;

struct line_sink_ops {
	void (*line)(struct line_sink *sink, const char *json, size_t length);
	/* Write what the format needs at its end, and release the sink. */
	void (*finish)(struct line_sink *sink);
};

/* The head of each format's own struct. */
struct line_sink {
	const struct line_sink_ops *ops;
};

/* Each borrows the output. */
struct line_sink *jsonl_sink_new(struct output *output);	/* JSON Lines */
struct line_sink *json_sink_new(struct output *output);	/* one JSON array */
struct line_sink *text_sink_new(struct output *output,
				const struct text_options *options);

#endif
