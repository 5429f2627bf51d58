/*
 * The formats of `kvmtrace view`: a row each. What a format writes goes into
 * the view's buffer, which the view empties into its output.
 */
#ifndef VIEW_FORMATS_H
#define VIEW_FORMATS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "sink/output.h"
#include "view/view_options.h"

struct view_target {
	const struct view_options *options;
	const struct text_options *text;
	struct buffer out;
	struct output output;
};

struct view_format {
	const char *name;
	bool is_streamed;	/* each event can be shown when it comes */
	bool is_trace;		/* written lines are numbered without a gap */
	void *(*begin)(struct view_target *target);
	/* `line` is the event's own text; NULL: it was changed. */
	void (*event)(void *state, struct view_target *target,
		      const json_t *event, const char *line, size_t length);
	/* Write the end, and release the state. */
	void (*finish)(void *state, struct view_target *target);
};

/* NULL: no format is called so. */
const struct view_format *view_format_find(const char *name);

#endif
