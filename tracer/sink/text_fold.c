#include "sink/text_internal.h"

#include <stdlib.h>

#define DATA_DIGITS_MAX 128

/* Only what has nothing to say beyond its line can go into a number. */
static bool is_foldable(const struct text_view *view, const json_t *event)
{
	return view->options.fold &&
	       json_member_is(event, "type", "ioctl") &&
	       json_member_is(event, "name", "KVM_RUN") &&
	       json_array_size(json_member_array(event, "notes")) == 0 &&
	       !json_object_get(event, "guest") &&
	       !json_object_get(event, "unfinished") &&
	       !json_object_get(event, "injected") &&
	       json_object_get(event, "ret") &&
	       !text_flow_is_wanted(view, event);
}

/* What differs from one transfer to the next is left out. */
static bool is_data(const char *key)
{
	return strcmp(key, "data_hex") == 0 || strcmp(key, "text") == 0 ||
	       strcmp(key, "completes") == 0;
}

static void format_key(struct buffer *out, const json_t *value);

static void format_members(struct buffer *out, const json_t *object)
{
	const char *key;
	json_t *value;

	buffer_add_char(out, '{');
	json_member_foreach(object, key, value) {
		if (is_data(key))
			continue;
		text_quote(out, key, strlen(key));
		format_key(out, value);
	}
	buffer_add_char(out, '}');
}

/* Equal values, and only they, give equal text. */
static void format_key(struct buffer *out, const json_t *value)
{
	char *text;

	if (json_is_object(value)) {
		format_members(out, value);
		return;
	}
	if (json_is_integer(value)) {
		buffer_add_signed(out, json_integer_value(value));
	} else if (json_is_string(value)) {
		text_quote(out, json_string_value(value),
			   json_string_length(value));
	} else {
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		buffer_add_string(out, text ? text : "?");
		free(text);
	}
	buffer_add_char(out, ' ');
}

/* The thread, the vCPU, what went in, and how it ended. */
static void format_run_key(struct buffer *out, const json_t *event)
{
	static const char *const keys[] = {
		"pid", "tid", "vm", "vcpu", "ret", "errno", "in", "exit",
	};
	const json_t *value;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		value = json_object_get(event, keys[i]);
		if (value)
			format_key(out, value);
		buffer_add_char(out, ';');
	}
}

static void add_run(struct text_fold *fold, const json_t *event)
{
	const char *digits = text_run_get_written(event);
	uint64_t ns;

	fold->times++;
	if (json_member_u64(event, "dur_ns", &ns))
		fold->total_ns += ns;
	if (!json_member_u64(event, "run_index", &fold->last_index))
		fold->last_index = 0;
	if (digits && fold->data.length <= DATA_DIGITS_MAX)
		buffer_add_string(&fold->data, digits);
}

static void begin_fold(struct text_view *view, const json_t *event,
		       const struct buffer *key)
{
	struct text_fold *fold = &view->fold;

	fold->first = json_incref((json_t *)(uintptr_t)event);
	fold->times = 0;
	fold->total_ns = 0;
	buffer_reset(&fold->key);
	buffer_reset(&fold->data);
	buffer_add(&fold->key, key->data, key->length);
	add_run(fold, event);
}

bool text_fold_take(struct text_view *view, const json_t *event)
{
	struct text_fold *fold = &view->fold;
	struct buffer key = BUFFER_EMPTY;

	if (!is_foldable(view, event))
		return false;
	format_run_key(&key, event);
	if (fold->first && fold->key.length == key.length &&
	    memcmp(fold->key.data, key.data, key.length) == 0) {
		add_run(fold, event);
	} else {
		text_fold_flush(view);
		begin_fold(view, event, &key);
	}
	buffer_free(&key);
	return true;
}

/* The written bytes, cut to whole ones. */
static void add_data(struct text_view *view)
{
	struct text_fold *fold = &view->fold;
	bool is_cut = fold->data.length > DATA_DIGITS_MAX;

	if (!fold->data.length)
		return;
	if (is_cut)
		fold->data.length = DATA_DIGITS_MAX;
	text_run_format_data(text_line_word(&view->line),
			     buffer_string(&fold->data));
	buffer_add_string(&view->line.word, is_cut ? " ..." : "");
	text_line_put(&view->line, 2, STYLE_PLAIN);
}

static void add_folded(struct text_view *view)
{
	const struct text_fold *fold = &view->fold;
	struct text_line *line = &view->line;
	uint64_t index;

	text_call_begin_line(view, fold->first);
	text_line_add(line, 2, STYLE_NAME, "KVM_RUN");
	if (json_member_u64(fold->first, "run_index", &index) &&
	    fold->last_index)
		text_line_add(line, 1, STYLE_PLAIN, "#%llu-#%llu",
			      (unsigned long long)index,
			      (unsigned long long)fold->last_index);
	if (json_member_text(fold->first, "errno") ||
	    !json_member_object(fold->first, "exit"))
		text_call_add_result(view, fold->first);
	text_run_add_exit(view, fold->first, false);
	text_line_add(line, 2, STYLE_PLAIN, "%llu times",
		      (unsigned long long)fold->times);
	add_data(view);
	text_call_add_duration(line, fold->total_ns);
	text_run_add_new_caller(view, fold->first);
	text_line_end(line);
	text_run_add_blocks(view, fold->first);
}

void text_fold_flush(struct text_view *view)
{
	struct text_fold *fold = &view->fold;

	if (!fold->first)
		return;
	if (fold->times == 1)
		text_run_add(view, fold->first);
	else
		add_folded(view);
	json_decref(fold->first);
	fold->first = NULL;
}

void text_fold_done(struct text_fold *fold)
{
	json_decref(fold->first);
	fold->first = NULL;
	buffer_free(&fold->key);
	buffer_free(&fold->data);
}
