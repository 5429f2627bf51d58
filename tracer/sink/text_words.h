/*
 * One event in words: what the text timeline says on the event's line, without
 * the gutter, the object, the thread, the time and the caller, for views that
 * have columns of their own. Printable ASCII, as everything of the timeline.
 *
 * Data that differs from one transfer of the guest to the next is left out,
 * and so is the number of the run: equal words mean events alike.
 */
#ifndef SINK_TEXT_WORDS_H
#define SINK_TEXT_WORDS_H

#include <jansson.h>

#include "base/buffer.h"

struct text_view;

/* A view to make words with; released by text_view_free(). */
struct text_view *text_words_new(void);

/* Set `out` to the event's words. */
void text_words_format(struct text_view *view, const json_t *event,
		       struct buffer *out);

/* "vm0/vcpu0", "/dev/kvm": set `out` to what the event is about. */
void text_words_format_target(const json_t *event, struct buffer *out);

#endif
