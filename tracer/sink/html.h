/*
 * The HTML page: a trace as one file that a browser opens from disk, without
 * network and, as plain tables, without JavaScript. The page is static
 * (tracer/sink/html/); what is made here is what stands in it: the summary,
 * the first events as rows, and all events as data.
 *
 * Events are taken one at a time and kept in the page's compact form, which is
 * bounded: behind max_events or max_bytes they go into the summary only, and
 * the page says so at its top. Events may come from anywhere: missing keys and
 * wrong types leave gaps and never stop it. The view owns its state and
 * borrows the events.
 */
#ifndef SINK_HTML_H
#define SINK_HTML_H

#include <jansson.h>
#include <stddef.h>

#include "sink/output.h"

struct html_view;

/* Zeroed it is the defaults. */
struct html_options {
	size_t max_events;	/* 0: 100,000 */
	size_t max_bytes;	/* of the events' data; 0: 40 MiB */
};

struct html_view *html_view_new(const struct html_options *options);

void html_view_event(struct html_view *view, const json_t *event);

/* No more events: write the page. What goes wrong stands in output->error. */
void html_view_finish(struct html_view *view, struct output *output);

void html_view_free(struct html_view *view);

#endif
