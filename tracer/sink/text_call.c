#include "sink/text_internal.h"

#include <stdio.h>

static void format_gutter(char *text, size_t size, const json_t *event)
{
	uint64_t seq, ts_ns;
	int length = 0;

	if (json_member_u64(event, "seq", &seq))
		length = snprintf(text, size, "%4llu", (unsigned long long)seq);
	if (!json_member_u64(event, "ts_ns", &ts_ns))
		snprintf(text + length, size - (size_t)length, "%10s", "?");
	else
		snprintf(text + length, size - (size_t)length, " %5llu.%03llu",
			 (unsigned long long)(ts_ns / 1000000),
			 (unsigned long long)(ts_ns / 1000 % 1000));
}

static void format_id(struct buffer *out, const char *name,
		      const json_t *object, const char *key)
{
	json_int_t id;

	buffer_add_string(out, name);
	if (json_member_integer(object, key, &id))
		buffer_add_signed(out, id);
	else
		buffer_add_char(out, '?');
}

/* "/dev/kvm", "vm0/vcpu1": what a descriptor stands for. */
static void format_target(struct buffer *out, const json_t *object)
{
	const char *on = json_member_text(object, "on");

	if (!on && json_object_get(object, "vm")) {
		format_id(out, "vm", object, "vm");
		if (json_object_get(object, "vcpu"))
			format_id(out, "/vcpu", object, "vcpu");
	} else if (!on || strcmp(on, "not_kvm") == 0) {
		if (json_object_get(object, "fd"))
			format_id(out, "fd ", object, "fd");
	} else if (strcmp(on, "system") == 0) {
		buffer_add_string(out, "/dev/kvm");
	} else if (strcmp(on, "vm") == 0) {
		format_id(out, "vm", object, "vm");
	} else if (strcmp(on, "vcpu") == 0) {
		format_id(out, "vm", object, "vm");
		format_id(out, "/vcpu", object, "vcpu");
	} else if (strcmp(on, "device") == 0) {
		format_id(out, "device", object, "device");
	} else {
		text_escape_string(out, json_object_get(object, "on"));
	}
}

/* Threads other than the first are named: most programs have one. */
static void add_thread(struct text_view *view, const json_t *event)
{
	json_int_t tid, pid;

	if (!json_member_integer(event, "tid", &tid))
		return;
	if (!view->has_main_tid) {
		view->has_main_tid = true;
		view->main_tid = tid;
	}
	if (json_member_is(event, "type", "process") &&
	    json_member_integer(event, "pid", &pid) && pid == tid)
		return;		/* its line names the process */
	if (tid != view->main_tid)
		text_line_add(&view->line, 2, STYLE_DIM, "[%lld]",
			      (long long)tid);
}

void text_call_begin_line(struct text_view *view, const json_t *event)
{
	char gutter[64];

	format_gutter(gutter, sizeof(gutter), event);
	text_line_begin(&view->line, gutter, STYLE_DIM);
	format_target(text_line_word(&view->line), event);
	text_line_put(&view->line, 0, STYLE_PLAIN);
	text_line_start(&view->line, TEXT_CALL);
	add_thread(view, event);
}

static void add_name(struct text_view *view, const json_t *event)
{
	struct buffer *word = text_line_word(&view->line);

	text_escape_string(word, json_object_get(event, "name"));
	if (json_member_is(event, "name", "unknown")) {
		buffer_add_string(word, " request ");
		text_escape_string(word, json_object_get(event, "cmd"));
	}
	text_line_put(&view->line, 2, STYLE_NAME);
}

static void add_failure(struct text_view *view, const json_t *event)
{
	struct buffer *word = text_line_word(&view->line);

	buffer_add_string(word, "-> -1 ");
	text_escape_string(word, json_object_get(event, "errno"));
	text_line_put(&view->line, 1, STYLE_ERROR);
}

void text_call_add_result(struct text_view *view, const json_t *event)
{
	struct text_line *line = &view->line;
	const json_t *value = json_object_get(event, "ret");
	json_int_t result;

	if (json_member_is_true(event, "unfinished")) {
		text_line_add(line, 1, STYLE_WARNING, "... unfinished");
	} else if (json_member_text(event, "errno")) {
		add_failure(view, event);
	} else if (json_member_integer(event, "ret", &result)) {
		text_summary_add_result(view, event, result);
	} else if (json_is_string(value)) {
		buffer_add_string(text_line_word(line), "-> ");
		text_format_plain(view, &line->word, "ret", value, false);
		text_line_put(line, 1, STYLE_PLAIN);
	} else {
		text_line_add(line, 1, STYLE_WARNING, "-> ?");
	}
	if (json_member_is_true(event, "injected"))
		text_line_add(line, 2, STYLE_WARNING,
			      "(injected: the kernel was not asked)");
}

/* Three digits or more, cut off: the unit grows with the time. */
void text_call_add_duration(struct text_line *line, uint64_t ns)
{
	unsigned long long us = ns / 1000;

	if (us < 1000)
		text_line_add(line, 2, STYLE_DIM, "(%llu.%llu us)", us,
			      (unsigned long long)(ns / 100 % 10));
	else if (us < 10000)
		text_line_add(line, 2, STYLE_DIM, "(%llu us)", us);
	else if (us < 1000000)
		text_line_add(line, 2, STYLE_DIM, "(%llu.%llu ms)", us / 1000,
			      us / 100 % 10);
	else
		text_line_add(line, 2, STYLE_DIM, "(%llu.%02llu s)",
			      us / 1000000, us / 10000 % 100);
}

static void add_event_duration(struct text_view *view, const json_t *event)
{
	uint64_t ns;

	if (json_member_u64(event, "dur_ns", &ns))
		text_call_add_duration(&view->line, ns);
}

/* The last part of a path. */
static const char *get_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

void text_call_format_caller(struct buffer *out, const json_t *event)
{
	const json_t *caller = json_member_object(event, "caller");
	const char *symbol = json_member_text(caller, "symbol");
	const char *file = json_member_text(caller, "file");
	const char *object = json_member_text(caller, "object");
	json_int_t line;

	if (file) {
		text_escape(out, get_base(file), strlen(get_base(file)));
		if (json_member_integer(caller, "line", &line))
			buffer_add_format(out, ":%lld", (long long)line);
	} else if (object) {
		text_escape(out, get_base(object), strlen(get_base(object)));
	}
	if (symbol) {
		buffer_add_string(out, out->length ? " " : "");
		text_escape(out, symbol, strlen(symbol));
	} else if (!file && caller) {
		buffer_add_string(out, out->length ? " " : "");
		text_escape_string(out, json_object_get(caller, "ip"));
	}
}

static void add_caller(struct text_view *view, const json_t *event)
{
	text_call_format_caller(text_line_word(&view->line), event);
	text_line_put(&view->line, 2, STYLE_DIM);
}

void text_call_add_ioctl(struct text_view *view, const json_t *event)
{
	const json_t *in = json_member_object(event, "in");
	const json_t *out = json_member_object(event, "out");
	bool is_drawn = text_flow_is_wanted(view, event);
	bool is_in_shown, is_out_shown;

	text_type_begin(view, event, "in");
	text_call_begin_line(view, event);
	add_name(view, event);
	is_in_shown = text_summary_add_inputs(view, event);
	if (!is_in_shown && text_value_is_short(view, in)) {
		text_value_add_scalars(view, in);
		is_in_shown = true;
	}
	text_call_add_result(view, event);
	is_out_shown = text_value_is_short(view, out);
	if (is_out_shown)
		text_value_add_scalars(view, out);
	add_event_duration(view, event);
	if (!is_drawn)
		add_caller(view, event);
	text_line_end(&view->line);
	if (!is_in_shown)
		text_value_add_block(view, "in", in);
	if (is_drawn)
		text_flow_draw(view, event);
	if (!is_out_shown)
		text_value_add_block(view, "out", out);
	text_guest_add(view, event);
	text_flow_add_notes(view, event);
	if (is_drawn)
		text_line_end(&view->line);
}

/* Descriptors that a child process got. */
static void add_passed(struct text_view *view, const json_t *event)
{
	const json_t *passes = json_member_array(event, "passes");
	struct text_line *line = &view->line;
	json_int_t fd;
	size_t i;

	for (i = 0; i < json_array_size(passes); i++) {
		const json_t *passed = json_array_get(passes, i);
		struct buffer *word = text_line_word(line);

		buffer_add_string(word, i ? "" : "passing ");
		if (json_member_integer(passed, "fd", &fd))
			buffer_add_format(word, "fd %lld = ", (long long)fd);
		format_target(word, passed);
		text_line_put(line, 2, STYLE_PLAIN);
	}
}

void text_call_add_syscall(struct text_view *view, const json_t *event)
{
	json_int_t fd;

	text_call_begin_line(view, event);
	add_name(view, event);
	if (json_member_integer(event, "fd", &fd))
		text_line_add(&view->line, 2, STYLE_PLAIN, "fd %lld",
			      (long long)fd);
	text_value_add_scalars(view, json_member_object(event, "in"));
	text_call_add_result(view, event);
	add_passed(view, event);
	add_event_duration(view, event);
	add_caller(view, event);
	text_line_end(&view->line);
	text_flow_add_notes(view, event);
}
