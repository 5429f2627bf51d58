#include "sink/text_internal.h"

#include <stdlib.h>

#include "base/log.h"

#define WIDTH_DEFAULT 100
#define WIDTH_MIN 60

struct text_view *text_view_new(const struct text_options *options)
{
	struct text_view *view = calloc(1, sizeof(*view));

	if (!view)
		log_die("out of memory: the text view");
	view->options = *options;
	view->line.colour = options->colour;
	view->line.width = !options->width ? WIDTH_DEFAULT
			 : options->width < WIDTH_MIN ? WIDTH_MIN
			 : options->width;
	view->drawn = json_object();
	view->guest = json_object();
	return view;
}

static void add_ioctl(struct text_view *view, const json_t *event)
{
	if (json_member_is(event, "name", "KVM_RUN"))
		text_run_add(view, event);
	else
		text_call_add_ioctl(view, event);
}

static void add_end(struct text_view *view, const json_t *event)
{
	view->is_ended = true;
	text_frame_add_end(view, event);
}

/* Types that aren't listed are for other readers. */
static const struct type_row {
	const char *type;
	void (*add)(struct text_view *view, const json_t *event);
} types[] = {
	{ "ioctl", add_ioctl },
	{ "syscall", text_call_add_syscall },
	{ "console", text_frame_add_console },
	{ "process", text_frame_add_process },
	{ "trace_start", text_frame_add_start },
	{ "trace_end", add_end },
};

static const struct type_row *find_type(const json_t *event)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (json_member_is(event, "type", types[i].type))
			return &types[i];
	return NULL;
}

void text_view_event(struct text_view *view, const json_t *event,
		     struct buffer *out)
{
	const struct type_row *row = find_type(event);

	if (!row)
		return;
	view->line.out = out;
	view->is_begun = true;
	if (text_fold_take(view, event))
		return;
	text_fold_flush(view);
	row->add(view, event);
}

void text_view_finish(struct text_view *view, struct buffer *out)
{
	view->line.out = out;
	text_fold_flush(view);
	if (view->is_begun && !view->is_ended)
		text_frame_add_incomplete(view);
}

void text_view_free(struct text_view *view)
{
	if (!view)
		return;
	text_fold_done(&view->fold);
	buffer_free(&view->line.word);
	buffer_free(&view->rows);
	buffer_free(&view->run_caller);
	json_decref(view->drawn);
	json_decref(view->guest);
	free(view);
}
