/*
 * The text timeline: what a person reads in a terminal. It is made from the
 * JSON events alone, so that a recorded trace gives the same bytes as a live
 * one. Output is printable ASCII (and colours when asked for): whatever an
 * event holds, no control character or byte above 0x7e gets through.
 *
 * Events may come from anywhere: missing keys and wrong types leave gaps in
 * the text and never stop it. The view owns its state and borrows the events;
 * `out` is the caller's, and text is only ever appended to it.
 */
#ifndef SINK_TEXT_H
#define SINK_TEXT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"

struct text_view;

struct text_options {
	bool colour;
	bool fold;		/* repeated exits of a vCPU become one line */
	enum {
		TEXT_FLOW_FIRST,	/* steps of each new call and refusal */
		TEXT_FLOW_FULL,		/* for every call */
		TEXT_FLOW_NONE,
	} flow;
	unsigned width;		/* columns; 0: 100 */
	bool long_arrays;	/* show whole arrays and byte strings */
};

struct text_view *text_view_new(const struct text_options *options);

/* Append the lines of one event: perhaps none yet, while runs are folding. */
void text_view_event(struct text_view *view, const json_t *event,
		     struct buffer *out);

/*
 * No more events: append what was still folding, and say so when the trace
 * has no trace_end.
 */
void text_view_finish(struct text_view *view, struct buffer *out);

void text_view_free(struct text_view *view);

#endif
