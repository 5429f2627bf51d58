#include "sink/text_internal.h"

/* Exits that mean trouble for the guest or the program. */
static enum text_style get_style(const char *reason)
{
	static const char *const bad[] = {
		"KVM_EXIT_UNKNOWN", "KVM_EXIT_SHUTDOWN", "KVM_EXIT_FAIL_ENTRY",
		"KVM_EXIT_INTERNAL_ERROR", "KVM_EXIT_MEMORY_FAULT", "unknown",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (strcmp(bad[i], reason) == 0)
			return STYLE_ERROR;
	return STYLE_NAME;
}

static int parse_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
	     : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte at two hex digits, -1 when there is none. */
static int parse_byte(const char *digits)
{
	int high = parse_digit(digits[0]);
	int low = high < 0 ? -1 : parse_digit(digits[1]);

	return low < 0 ? -1 : high << 4 | low;
}

static bool is_text(const char *digits)
{
	int byte;

	for (; (byte = parse_byte(digits)) >= 0; digits += 2)
		if ((byte < ' ' || byte > '~') && byte != '\n' &&
		    byte != '\r' && byte != '\t')
			return false;
	return !*digits;
}

static void format_as_text(struct buffer *out, const char *digits)
{
	char c;

	buffer_add_char(out, '"');
	for (; *digits; digits += 2) {
		c = (char)parse_byte(digits);
		if (c == '"')
			buffer_add_char(out, '\\');
		text_escape(out, &c, 1);
	}
	buffer_add_char(out, '"');
}

void text_run_format_data(struct buffer *out, const char *digits)
{
	if (is_text(digits)) {
		format_as_text(out, digits);
		return;
	}
	buffer_add_string(out, "bytes ");
	text_escape(out, digits, strlen(digits));
}

/* A single transfer is a number, lowest byte first (x86). */
static void format_number(struct buffer *out, const char *digits, size_t size)
{
	uint64_t value = 0;
	size_t i;
	int byte;

	for (i = 0; i < size; i++) {
		byte = parse_byte(digits + 2 * i);
		if (byte < 0)
			return;
		value |= (uint64_t)byte << (8 * i);
	}
	buffer_add_hex(out, value);
	if (size > 1) {
		buffer_add_format(out, " (%llu)", (unsigned long long)value);
	} else if (is_text(digits)) {
		buffer_add_char(out, ' ');
		format_as_text(out, digits);
	}
}

static void format_transfer(struct buffer *out, const char *digits)
{
	size_t size = strlen(digits) / 2;

	if (size == 1 || size == 2 || size == 4 || size == 8)
		format_number(out, digits, size);
	else
		text_run_format_data(out, digits);
}

static bool is_nonzero(const json_t *object, const char *key)
{
	uint64_t value;

	return json_member_u64(object, key, &value) && value != 0;
}

static const json_t *get_member(const json_t *event, const char *member)
{
	return json_member_object(json_member_object(event, "exit"), member);
}

/* KVM_EXIT_IO_OUT is 1, KVM_EXIT_IO_IN 0. */
static const json_t *get_written(const json_t *event)
{
	const json_t *io = get_member(event, "io");
	const json_t *mmio = get_member(event, "mmio");

	if (is_nonzero(io, "direction"))
		return json_object_get(io, "data_hex");
	if (is_nonzero(mmio, "is_write"))
		return json_object_get(mmio, "data_hex");
	return NULL;
}

const char *text_run_get_written(const json_t *event)
{
	return json_string_value(get_written(event));
}

static void format_width(struct buffer *out, uint64_t bytes)
{
	buffer_add_format(out, ", %llu byte%s", (unsigned long long)bytes,
			  bytes == 1 ? "" : "s");
}

/* "out port 0xe9, 1 byte"; a string instruction moves `count` at once. */
static void format_io(struct buffer *out, const json_t *io)
{
	uint64_t port, size, count;

	buffer_add_string(out, is_nonzero(io, "direction") ? "out" : "in");
	if (json_member_u64(io, "port", &port))
		buffer_add_format(out, " port 0x%llx",
				  (unsigned long long)port);
	if (json_member_u64(io, "size", &size))
		format_width(out, size);
	if (json_member_u64(io, "count", &count) && count != 1)
		buffer_add_format(out, ", %llu at once",
				  (unsigned long long)count);
}

static void format_mmio(struct buffer *out, const json_t *mmio)
{
	uint64_t gpa, size;

	buffer_add_string(out, is_nonzero(mmio, "is_write") ? "write" : "read");
	if (json_member_u64(mmio, "phys_addr", &gpa))
		buffer_add_format(out, " guest 0x%llx",
				  (unsigned long long)gpa);
	if (json_member_u64(mmio, "len", &size))
		format_width(out, size);
}

static void add_data(struct text_view *view, const json_t *event)
{
	const json_t *data = get_written(event);
	const char *digits = json_string_value(data);
	const json_t *io = get_member(event, "io");
	struct buffer *word = text_line_word(&view->line);
	uint64_t count;

	if (!digits)
		return;
	if (strlen(digits) > 64)
		text_format_plain(view, word, "data_hex", data, false);
	else if (json_member_u64(io, "count", &count) && count != 1)
		text_run_format_data(word, digits);
	else
		format_transfer(word, digits);
	text_line_put(&view->line, 1, STYLE_PLAIN);
}

static void add_reason(struct text_view *view, const json_t *event)
{
	const json_t *exit = json_member_object(event, "exit");
	const char *reason = json_member_text(exit, "reason");
	struct buffer *word = text_line_word(&view->line);
	json_int_t code;

	if (!reason)
		return;
	if (!json_member_text(event, "errno"))
		buffer_add_string(word, "-> ");
	text_escape(word, reason, strlen(reason));
	if (strcmp(reason, "unknown") == 0 &&
	    json_member_integer(exit, "code", &code))
		buffer_add_format(word, " exit reason %lld", (long long)code);
	text_line_put(&view->line, 1, get_style(reason));
}

/* Is the member told in words? */
static bool has_words(const char *key)
{
	return strcmp(key, "io") == 0 || strcmp(key, "mmio") == 0;
}

void text_run_add_exit(struct text_view *view, const json_t *event,
		       bool has_data)
{
	const json_t *exit = json_member_object(event, "exit");
	struct buffer *word;
	const char *key;
	json_t *value;

	if (!exit)
		return;
	add_reason(view, event);
	text_type_begin(view, event, "exit");
	json_member_foreach(exit, key, value) {
		if (!json_is_object(value))
			continue;
		word = text_line_word(&view->line);
		if (strcmp(key, "io") == 0)
			format_io(word, value);
		else if (strcmp(key, "mmio") == 0)
			format_mmio(word, value);
		else if (text_value_is_short(view, value))
			text_value_add_scalars(view, value);
		if (has_words(key))
			text_line_put(&view->line, 2, STYLE_PLAIN);
	}
	if (has_data)
		add_data(view, event);
}

void text_run_add_blocks(struct text_view *view, const json_t *event)
{
	const char *key;
	json_t *value;

	text_type_begin(view, event, "exit");
	json_member_foreach(json_member_object(event, "exit"), key, value)
		if (json_is_object(value) && !has_words(key) &&
		    !text_value_is_short(view, value))
			text_value_add_block(view, "exit", value);
}

/* What the program gave an exit that asked for more than data. */
static void add_answered_members(struct text_view *view,
				 const json_t *completes)
{
	const char *key;
	json_t *value;

	json_member_foreach(completes, key, value)
		if (json_is_object(value))
			text_value_add_scalars(view, value);
}

/* "answers event 30 with 0x10": the data of an earlier read. */
static void add_answer(struct text_view *view, const json_t *completes)
{
	const json_t *data = json_object_get(completes, "data_hex");
	const char *digits = json_string_value(data);
	struct buffer *word = text_line_word(&view->line);
	uint64_t seq;

	if (!completes)
		return;
	buffer_add_string(word, "answers ");
	if (json_member_u64(completes, "seq", &seq))
		buffer_add_format(word, "event %llu ", (unsigned long long)seq);
	buffer_add_string(word, "with ");
	if (!digits) {
		word->length--;
		text_line_put(&view->line, 2, STYLE_PLAIN);
		add_answered_members(view, completes);
		return;
	}
	if (strlen(digits) <= 64)
		format_transfer(word, digits);
	else
		text_format_plain(view, word, "data_hex", data, false);
	text_line_put(&view->line, 2, STYLE_PLAIN);
}

/* What the program told KVM in kvm_run: mostly nothing. */
static void add_inputs(struct text_view *view, const json_t *event)
{
	const json_t *in = json_member_object(event, "in");
	const char *key;
	json_t *value;

	text_type_begin(view, event, "in");
	json_member_foreach(in, key, value) {
		if (!text_is_scalar(value) || !is_nonzero(in, key))
			continue;
		text_format_member(view, text_line_word(&view->line), in, key,
				   value);
		text_line_put(&view->line, 2, STYLE_PLAIN);
	}
	add_answer(view, json_member_object(in, "completes"));
}

void text_run_add_new_caller(struct text_view *view, const json_t *event)
{
	struct buffer *last = &view->run_caller;
	struct buffer *word = text_line_word(&view->line);

	text_call_format_caller(word, event);
	if (word->length == last->length &&
	    (!word->length || !memcmp(word->data, last->data, last->length)))
		return;
	buffer_reset(last);
	buffer_add(last, word->data, word->length);
	text_line_put(&view->line, 2, STYLE_DIM);
}

static void add_line(struct text_view *view, const json_t *event, bool is_drawn)
{
	struct text_line *line = &view->line;
	uint64_t index, ns;

	text_call_begin_line(view, event);
	text_line_add(line, 2, STYLE_NAME, "KVM_RUN");
	if (json_member_u64(event, "run_index", &index))
		text_line_add(line, 1, STYLE_PLAIN, "#%llu",
			      (unsigned long long)index);
	add_inputs(view, event);
	if (json_member_text(event, "errno") ||
	    !json_member_object(event, "exit"))
		text_call_add_result(view, event);
	text_run_add_exit(view, event, true);
	if (json_member_u64(event, "dur_ns", &ns))
		text_call_add_duration(line, ns);
	if (!is_drawn)
		text_run_add_new_caller(view, event);
	text_line_end(line);
}

void text_run_add(struct text_view *view, const json_t *event)
{
	bool is_drawn = text_flow_is_wanted(view, event);

	add_line(view, event, is_drawn);
	if (is_drawn)
		text_flow_draw(view, event);
	text_run_add_blocks(view, event);
	text_type_begin(view, event, "out");
	if (view->options.flow == TEXT_FLOW_FULL)
		text_value_add_block(view, "out",
				     json_member_object(event, "out"));
	text_guest_add(view, event);
	text_flow_add_notes(view, event);
	if (is_drawn)
		text_line_end(&view->line);
}
