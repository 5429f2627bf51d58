#include "sink/text_internal.h"

static void add_argument(struct text_view *view, const json_t *argument)
{
	const char *text = json_string_value(argument);
	size_t length = json_string_length(argument);
	struct buffer *word = text_line_word(&view->line);

	if (!text)
		return;
	if (!length || strpbrk(text, " \t\n\"'"))
		text_quote(word, text, length);
	else
		text_escape(word, text, length);
	text_line_put(&view->line, 1, STYLE_NAME);
}

/* " Linux 6.18.44": one fact about the run, where it is known. */
static void add_fact(struct text_view *view, const char *name,
		     const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	struct buffer *word = text_line_word(&view->line);

	if (!json_is_string(value))
		return;
	buffer_add_string(word, name);
	text_escape_string(word, value);
	text_line_put(&view->line, 2, STYLE_DIM);
}

static void add_facts(struct text_view *view, const json_t *event)
{
	const json_t *host = json_member_object(event, "host");

	text_line_begin_at(&view->line, 0);
	add_fact(view, "", event, "arch");
	add_fact(view, "Linux ", host, "kernel");
	add_fact(view, "", host, "cpu_vendor");
	add_fact(view, "", host, "kvm");
	add_fact(view, "engine ", event, "engine");
	add_fact(view, "", event, "start_time");
	text_line_end(&view->line);
}

static void add_heading(struct text_view *view)
{
	struct text_line *line = &view->line;

	text_line_end(line);
	text_line_begin(line, "seq   time/ms", STYLE_DIM);
	text_line_add(line, 0, STYLE_DIM, "on");
	text_line_align(line, TEXT_CALL);
	text_line_add(line, 2, STYLE_DIM,
		      "call -> result  (time it took)  caller");
	text_line_end(line);
}

void text_frame_add_start(struct text_view *view, const json_t *event)
{
	const json_t *tool = json_member_object(event, "tool");
	const json_t *arguments = json_member_array(event, "argv");
	struct buffer *word;
	size_t i;

	text_line_begin_at(&view->line, 0);
	word = text_line_word(&view->line);
	text_escape_string(word, json_object_get(tool, "name"));
	buffer_add_char(word, ' ');
	text_escape_string(word, json_object_get(tool, "version"));
	buffer_add_char(word, ':');
	text_line_put(&view->line, 0, STYLE_PLAIN);
	for (i = 0; i < json_array_size(arguments); i++)
		add_argument(view, json_array_get(arguments, i));
	text_line_end(&view->line);
	add_facts(view, event);
	add_heading(view);
}

void text_frame_add_console(struct text_view *view, const json_t *event)
{
	struct text_line *line = &view->line;
	uint64_t port;

	text_call_begin_line(view, event);
	text_line_add(line, 2, STYLE_NAME, "console");
	if (json_member_u64(event, "port", &port))
		text_line_add(line, 1, STYLE_PLAIN, "0x%llx:",
			      (unsigned long long)port);
	text_escape_string(text_line_word(line),
			   json_object_get(event, "text"));
	text_line_put_whole(line, 1, STYLE_GUEST);
	text_line_end(line);
}

static void add_number(struct text_view *view, const json_t *event,
		       const char *words, const char *key)
{
	json_int_t number;

	if (json_member_integer(event, key, &number))
		text_line_add(&view->line, 1, STYLE_PLAIN, "%s %lld", words,
			      (long long)number);
}

static void add_string(struct text_view *view, const json_t *event,
		       const char *words, const char *key,
		       enum text_style style)
{
	struct buffer *word = text_line_word(&view->line);

	buffer_add_string(word, words);
	buffer_add_char(word, ' ');
	text_escape_string(word, json_object_get(event, key));
	text_line_put(&view->line, 1, style);
}

static void add_signal(struct text_view *view, const json_t *event)
{
	add_string(view, event, "gets", "signal", STYLE_WARNING);
	add_number(view, event, "within the KVM_RUN of event", "run_seq");
}

static void add_exit(struct text_view *view, const json_t *event)
{
	if (json_object_get(event, "signal"))
		add_string(view, event, "is killed by", "signal", STYLE_ERROR);
	else
		add_number(view, event, "exits with status", "status");
}

void text_frame_add_process(struct text_view *view, const json_t *event)
{
	json_int_t pid;

	text_call_begin_line(view, event);
	text_line_add(&view->line, 2, STYLE_PLAIN, "process");
	if (json_member_integer(event, "pid", &pid))
		text_line_add(&view->line, 1, STYLE_PLAIN, "%lld",
			      (long long)pid);
	if (json_member_is(event, "event", "exec"))
		add_string(view, event, "runs", "path", STYLE_PLAIN);
	else if (json_member_is(event, "event", "fork"))
		add_number(view, event, "forks process", "child");
	else if (json_member_is(event, "event", "thread"))
		add_number(view, event, "starts thread", "child");
	else if (json_member_is(event, "event", "exit"))
		add_exit(view, event);
	else if (json_member_is(event, "event", "signal"))
		add_signal(view, event);
	else
		add_string(view, event, ":", "event", STYLE_PLAIN);
	text_line_end(&view->line);
	text_flow_add_notes(view, event);
}

static void add_status(struct text_view *view, const json_t *event)
{
	const json_t *status = json_member_object(event, "status");
	struct text_line *line = &view->line;
	json_int_t code;

	text_line_begin(line, "end", STYLE_DIM);
	if (json_member_integer(status, "exited", &code))
		text_line_add(line, 0, code ? STYLE_ERROR : STYLE_PLAIN,
			      "the program exited with status %lld",
			      (long long)code);
	else if (json_member_text(status, "signal"))
		add_string(view, status, "the program was killed by", "signal",
			   STYLE_ERROR);
	else if (json_member_is_true(status, "detached"))
		text_line_add(line, 0, STYLE_PLAIN,
			      "the program runs on, untraced");
	else
		text_line_add(line, 0, STYLE_WARNING,
			      "it is not known how the program ended");
	text_line_end(line);
}

static uint64_t get_total(const json_t *counts)
{
	uint64_t total = 0, number;
	const char *key;
	json_t *value;

	json_member_foreach(counts, key, value) {
		(void)value;
		if (json_member_u64(counts, key, &number))
			total += number;
	}
	return total;
}

static void add_totals(struct text_view *view, const json_t *event)
{
	const json_t *counts = json_member_object(event, "counts");
	const json_t *calls = json_member_object(counts, "ioctl");
	struct text_line *line = &view->line;
	uint64_t number;

	text_line_begin(line, "totals", STYLE_DIM);
	if (json_member_u64(event, "events", &number))
		text_line_add(line, 0, STYLE_PLAIN, "%llu events",
			      (unsigned long long)number);
	if (calls)
		text_line_add(line, 2, STYLE_PLAIN, "%llu ioctls",
			      (unsigned long long)get_total(calls));
	if (json_member_u64(counts, "errors", &number))
		text_line_add(line, 2, number ? STYLE_ERROR : STYLE_PLAIN,
			      "%llu failed", (unsigned long long)number);
	text_line_end(line);
	text_value_add_block(view, "ioctls", calls);
	text_value_add_block(view, "exits", json_member_object(counts, "exit"));
}

static void add_losses(struct text_view *view, const json_t *event)
{
	struct text_line *line = &view->line;
	uint64_t dropped;

	if (json_member_is_true(event, "truncated")) {
		text_line_begin(line, "TRUNCATED", STYLE_ERROR);
		text_line_add(line, 0, STYLE_ERROR,
			      "a limit was reached: later events are missing");
		text_line_end(line);
	}
	if (json_member_u64(event, "dropped", &dropped) && dropped) {
		text_line_begin(line, "DROPPED", STYLE_ERROR);
		text_line_add(line, 0, STYLE_ERROR, "%llu events were lost",
			      (unsigned long long)dropped);
		text_line_end(line);
	}
}

void text_frame_add_end(struct text_view *view, const json_t *event)
{
	text_line_end(&view->line);
	add_status(view, event);
	add_totals(view, event);
	add_losses(view, event);
	text_flow_add_notes(view, event);
}

void text_frame_add_incomplete(struct text_view *view)
{
	struct text_line *line = &view->line;

	text_line_end(line);
	text_line_begin(line, "INCOMPLETE", STYLE_ERROR);
	text_line_add(line, 0, STYLE_ERROR,
		      "the trace has no end: what came after is missing");
	text_line_end(line);
}
