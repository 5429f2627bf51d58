#include "sink/text_internal.h"

#define DRAWN_MAX 1024	/* names to remember; odd traces have any number */
#define TEXT_COLUMN (TEXT_GUTTER + 26)

/* The boxes of the diagram; the further from the program, the further in. */
static const struct box {
	const char *key;
	const char *label;
	unsigned depth;
} boxes[] = {
	{ "user_application", "user application", 0 },
	{ "syscall_handler", "system call handler", 1 },
	{ "ioctl_handler", "ioctl handler", 2 },
	{ "driver_operation", "driver operation", 3 },
};

static bool is_refused(const json_t *event)
{
	const json_t *flow = json_member_array(event, "flow");
	size_t i;

	for (i = 0; i < json_array_size(flow); i++)
		if (json_member_is_true(json_array_get(flow, i), "refused"))
			return true;
	return false;
}

/* A KVM_RUN that a signal interrupts is daily life, no refusal. */
static bool is_interrupted(const json_t *event)
{
	return json_member_is(event, "errno", "EINTR") ||
	       json_member_is(event, "errno", "EAGAIN");
}

/* Calls with one key are drawn once: the name, and how it failed. */
static void format_key(struct buffer *out, const json_t *event)
{
	static const char *const keys[] = { "name", "cmd", "errno" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		text_escape_string(out, json_object_get(event, keys[i]));
		buffer_add_char(out, ' ');
	}
}

static bool is_drawn(const struct text_view *view, const json_t *event)
{
	struct buffer key = BUFFER_EMPTY;
	bool is_found;

	format_key(&key, event);
	is_found = json_object_get(view->drawn, buffer_string(&key)) != NULL;
	buffer_free(&key);
	return is_found;
}

static void remember(struct text_view *view, const json_t *event)
{
	struct buffer *key = text_line_word(&view->line);

	if (json_object_size(view->drawn) >= DRAWN_MAX)
		return;
	format_key(key, event);
	json_object_set_new(view->drawn, buffer_string(key), json_true());
}

bool text_flow_is_wanted(const struct text_view *view, const json_t *event)
{
	if (!json_array_size(json_member_array(event, "flow")) ||
	    view->options.flow == TEXT_FLOW_NONE)
		return false;
	if (view->options.flow == TEXT_FLOW_FULL)
		return true;
	if (is_refused(event) && !is_interrupted(event))
		return true;
	return json_object_size(view->drawn) < DRAWN_MAX &&
	       !is_drawn(view, event);
}

/*
 * Down to the device, and up again. A call that is refused turns back at
 * that step: the boxes further in are not reached.
 */
static char get_arrow(json_int_t step, json_int_t refused)
{
	if (step == refused)
		return 'x';
	if (refused && step > refused && step < 8 - refused && step < 6)
		return '.';
	return step < 4 ? 'v' : step > 4 ? '^' : '*';
}

static json_int_t find_refused(const json_t *flow)
{
	json_int_t step;
	size_t i;

	for (i = 0; i < json_array_size(flow); i++) {
		const json_t *row = json_array_get(flow, i);

		if (json_member_is_true(row, "refused") &&
		    json_member_integer(row, "step", &step) &&
		    step >= 1 && step <= 6)
			return step;
	}
	return 0;
}

static void add_box(struct text_view *view, const json_t *step,
		    enum text_style style)
{
	struct buffer *word = text_line_word(&view->line);
	const char *key = json_member_text(step, "box");
	size_t i;

	for (i = 0; key && i < sizeof(boxes) / sizeof(boxes[0]); i++) {
		if (strcmp(boxes[i].key, key) != 0)
			continue;
		buffer_add_format(word, "%*s%s", (int)boxes[i].depth, "",
				  boxes[i].label);
		text_line_put(&view->line, 1, style);
		return;
	}
	text_escape_string(word, json_object_get(step, "box"));
	text_line_put(&view->line, 1, style);
}

/* The object that KVM works on. */
static void add_device(struct text_view *view, const json_t *step)
{
	struct buffer *word = text_line_word(&view->line);

	if (!json_member_text(step, "device"))
		return;
	buffer_add_char(word, '(');
	text_escape_string(word, json_object_get(step, "device"));
	buffer_add_char(word, ')');
	text_line_put(&view->line, 1, STYLE_DIM);
}

static void draw_step(struct text_view *view, const json_t *step,
		      const char *label, char arrow)
{
	struct text_line *line = &view->line;
	enum text_style style = arrow == 'x' ? STYLE_ERROR
			      : arrow == '.' ? STYLE_DIM : STYLE_PLAIN;
	json_int_t number = 0;

	json_member_integer(step, "step", &number);
	text_line_begin(line, label, STYLE_DIM);
	text_line_add(line, 0, STYLE_DIM, "%lld", (long long)number);
	text_line_add(line, 1, style, "%c", arrow);
	add_box(view, step, style == STYLE_PLAIN ? STYLE_DIM : style);
	text_line_start(line, TEXT_COLUMN);
	text_line_add_sentence(line, 1, style, json_object_get(step, "text"));
	add_device(view, step);
	text_line_end(line);
}

/* The border between user space and kernel, where the call passes it. */
static void draw_border(struct text_view *view, char arrow)
{
	struct text_line *line = &view->line;
	struct buffer *word;
	unsigned column;

	text_line_begin(line, NULL, STYLE_DIM);
	word = text_line_word(line);
	for (column = TEXT_GUTTER; column < line->width; column++)
		buffer_add_char(word, column == TEXT_GUTTER + 2 ? arrow : '-');
	text_line_put(line, 0, STYLE_DIM);
	text_line_end(line);
}

void text_flow_draw(struct text_view *view, const json_t *event)
{
	const json_t *flow = json_member_array(event, "flow");
	json_int_t number = 0, refused = find_refused(flow);
	const char *space = NULL;
	size_t i;

	remember(view, event);
	for (i = 0; i < json_array_size(flow); i++) {
		const json_t *step = json_array_get(flow, i);
		const char *next = json_member_text(step, "space");
		bool is_new = next && (!space || strcmp(space, next) != 0);
		const char *label = !is_new ? NULL
				  : next[0] == 'k' ? "kernel" : "user";

		json_member_integer(step, "step", &number);
		if (is_new && space)
			draw_border(view, next[0] == 'k' ? 'v' : '^');
		if (is_new)
			space = next;
		draw_step(view, step, label, get_arrow(number, refused));
	}
}

void text_flow_add_notes(struct text_view *view, const json_t *event)
{
	const json_t *notes = json_member_array(event, "notes");
	struct text_line *line = &view->line;
	size_t i;

	for (i = 0; i < json_array_size(notes); i++) {
		const json_t *note = json_array_get(notes, i);
		bool is_error = json_member_is(note, "severity", "error");
		bool is_warning = json_member_is(note, "severity", "warn");
		enum text_style style = is_error ? STYLE_ERROR
				      : is_warning ? STYLE_WARNING
				      : STYLE_PLAIN;

		text_line_begin(line, is_error ? "ERROR"
				      : is_warning ? "warning" : "note", style);
		text_line_add_sentence(line, 1, style,
				       json_object_get(note, "text"));
		text_line_end(line);
	}
}
