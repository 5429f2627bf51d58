#include "sink/text_words.h"

#include "sink/text_internal.h"

/* No line is broken. */
#define WIDTH (1u << 30)

struct text_view *text_words_new(void)
{
	return text_view_new(&(struct text_options){
		.flow = TEXT_FLOW_NONE, .width = WIDTH });
}

static void add_call(struct text_view *view, const json_t *event)
{
	struct buffer *word = text_line_word(&view->line);

	text_escape_string(word, json_object_get(event, "name"));
	if (json_member_is(event, "name", "unknown")) {
		buffer_add_string(word, " request ");
		text_escape_string(word, json_object_get(event, "cmd"));
	}
	text_line_put(&view->line, 0, STYLE_NAME);
}

static void add_short(struct text_view *view, const json_t *event,
		      const char *part)
{
	const json_t *object = json_member_object(event, part);

	text_type_begin(view, event, part);
	if (text_value_is_short(view, object))
		text_value_add_scalars(view, object);
}

static void add_ioctl(struct text_view *view, const json_t *event)
{
	add_call(view, event);
	if (!text_summary_add_inputs(view, event))
		add_short(view, event, "in");
	text_call_add_result(view, event);
	add_short(view, event, "out");
}

static void add_run(struct text_view *view, const json_t *event)
{
	add_call(view, event);
	if (json_member_text(event, "errno") ||
	    !json_member_object(event, "exit"))
		text_call_add_result(view, event);
	text_run_add_exit(view, event, false);
}

static void add_syscall(struct text_view *view, const json_t *event)
{
	add_call(view, event);
	text_value_add_scalars(view, json_member_object(event, "in"));
	text_call_add_result(view, event);
}

static void add_console(struct text_view *view, const json_t *event)
{
	struct buffer *word = text_line_word(&view->line);
	uint64_t port;

	buffer_add_string(word, "console");
	if (json_member_u64(event, "port", &port))
		buffer_add_format(word, " 0x%llx", (unsigned long long)port);
	buffer_add_string(word, ": ");
	text_escape_string(word, json_object_get(event, "text"));
	text_line_put_whole(&view->line, 0, STYLE_GUEST);
}

/* "exit  status 0", "signal  SIGALRM  run_seq 17": members, as they are. */
static void add_process(struct text_view *view, const json_t *event)
{
	static const char *const keys[] = {
		"path", "child", "status", "signal", "run_seq",
	};
	struct buffer *word = text_line_word(&view->line);
	size_t i;

	buffer_add_string(word, "process ");
	text_escape_string(word, json_object_get(event, "event"));
	text_line_put(&view->line, 0, STYLE_PLAIN);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *value = json_object_get(event, keys[i]);

		if (!value || !text_is_scalar(value))
			continue;
		text_format_member(view, text_line_word(&view->line), event,
				   keys[i], value);
		text_line_put(&view->line, 2, STYLE_PLAIN);
	}
}

/* trace_start, trace_end, and what later versions may have. */
static void add_other(struct text_view *view, const json_t *event)
{
	text_escape_string(text_line_word(&view->line),
			   json_object_get(event, "type"));
	text_line_put(&view->line, 0, STYLE_PLAIN);
}

static const struct type_row {
	const char *type;
	void (*add)(struct text_view *view, const json_t *event);
} types[] = {
	{ "syscall", add_syscall },
	{ "console", add_console },
	{ "process", add_process },
};

void text_words_format(struct text_view *view, const json_t *event,
		       struct buffer *out)
{
	void (*add)(struct text_view *, const json_t *) = add_other;
	size_t i;

	if (json_member_is(event, "type", "ioctl"))
		add = json_member_is(event, "name", "KVM_RUN") ? add_run
							      : add_ioctl;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (json_member_is(event, "type", types[i].type))
			add = types[i].add;
	buffer_reset(out);
	view->line.out = out;
	text_line_begin_at(&view->line, 0);
	text_type_begin(view, event, "in");
	add(view, event);
}

static void format_id(struct buffer *out, const char *name,
		      const json_t *event, const char *key)
{
	uint64_t id;

	if (json_member_u64(event, key, &id))
		buffer_add_format(out, "%s%llu", name, (unsigned long long)id);
}

void text_words_format_target(const json_t *event, struct buffer *out)
{
	const char *on = json_member_text(event, "on");

	buffer_reset(out);
	format_id(out, "vm", event, "vm");
	format_id(out, out->length ? "/vcpu" : "vcpu", event, "vcpu");
	if (out->length || !on)
		return;
	if (strcmp(on, "system") == 0)
		buffer_add_string(out, "/dev/kvm");
	else if (strcmp(on, "device") == 0)
		format_id(out, "device", event, "device");
	else
		text_escape_string(out, json_object_get(event, "on"));
}
