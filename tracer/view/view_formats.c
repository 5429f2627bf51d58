#include "view/view_formats.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sink/html.h"
#include "sink/lanes.h"

static void *begin_text(struct view_target *target)
{
	return text_view_new(target->text);
}

static void show_text(void *state, struct view_target *target,
		      const json_t *event, const char *line, size_t length)
{
	(void)line;
	(void)length;
	text_view_event(state, event, &target->out);
}

static void finish_text(void *state, struct view_target *target)
{
	text_view_finish(state, &target->out);
	text_view_free(state);
}

static int add_dumped(const char *text, size_t length, void *out)
{
	buffer_add(out, text, length);
	return 0;
}

static void show_line(void *state, struct view_target *target,
		      const json_t *event, const char *line, size_t length)
{
	(void)state;
	if (line)
		buffer_add(&target->out, line, length);
	else
		json_dump_callback(event, add_dumped, &target->out,
				   JSON_COMPACT | JSON_ENSURE_ASCII);
	buffer_add_char(&target->out, '\n');
}

static void *begin_lines(struct view_target *target)
{
	return target;
}

static void finish_lines(void *state, struct view_target *target)
{
	(void)state;
	(void)target;
}

/* The comma goes before an event: its state is what stands before the next. */
static void *begin_array(struct view_target *target)
{
	bool *has_elements = calloc(1, sizeof(*has_elements));

	(void)target;
	if (!has_elements)
		log_die("out of memory: the JSON array");
	return has_elements;
}

static void show_element(void *state, struct view_target *target,
			 const json_t *event, const char *line, size_t length)
{
	bool *has_elements = state;

	buffer_add_char(&target->out, *has_elements ? ',' : '[');
	*has_elements = true;
	show_line(NULL, target, event, line, length);
}

static void finish_array(void *state, struct view_target *target)
{
	buffer_add_string(&target->out, *(bool *)state ? "]\n" : "[]\n");
	free(state);
}

static void *begin_perfetto(struct view_target *target)
{
	return lanes_new(perfetto_writer_new(&target->out),
			 target->options->has_flow);
}

static void *begin_chrome(struct view_target *target)
{
	return lanes_new(chrome_writer_new(&target->out),
			 target->options->has_flow);
}

static void show_in_lanes(void *state, struct view_target *target,
			  const json_t *event, const char *line, size_t length)
{
	(void)target;
	(void)line;
	(void)length;
	lanes_event(state, event);
}

static void finish_lanes(void *state, struct view_target *target)
{
	(void)target;
	lanes_finish(state);
}

static void *begin_html(struct view_target *target)
{
	const struct html_options options = {
		.max_events = target->options->max_events,
	};

	return html_view_new(&options);
}

static void show_html(void *state, struct view_target *target,
		      const json_t *event, const char *line, size_t length)
{
	(void)target;
	(void)line;
	(void)length;
	html_view_event(state, event);
}

static void finish_html(void *state, struct view_target *target)
{
	html_view_finish(state, &target->output);
	html_view_free(state);
}

static const struct view_format formats[] = {
	{ "text", true, false, begin_text, show_text, finish_text },
	{ "jsonl", true, true, begin_lines, show_line, finish_lines },
	{ "json", true, true, begin_array, show_element, finish_array },
	{ "perfetto", false, false, begin_perfetto, show_in_lanes,
	  finish_lanes },
	{ "chrome", false, false, begin_chrome, show_in_lanes, finish_lanes },
	{ "html", false, false, begin_html, show_html, finish_html },
};

const struct view_format *view_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}
