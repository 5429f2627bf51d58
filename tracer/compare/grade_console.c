/*
 * console: what the guest printed, each vCPU's port by itself, holds a text
 * or fits an expression. Lines are joined by newlines, so that a text may be
 * of several lines; ^ and $ are the ends of a line.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "compare/grade_internal.h"

#define STREAMS_SHOWN 3

struct stream {
	struct stream *next;
	json_int_t vm, vcpu, port;
	struct buffer text;
	uint64_t first_seq;
};

static void begin_console(struct testing *testing)
{
	testing->state = NULL;
}

/* -1 stands for an id that is not there. */
static json_int_t get_id(const json_t *event, const char *key)
{
	const json_t *id = json_object_get(event, key);

	return json_is_integer(id) ? json_integer_value(id) : -1;
}

static struct stream *find_stream(struct testing *testing,
				  const struct sight *sight)
{
	json_int_t vm = get_id(sight->event, "vm");
	json_int_t vcpu = get_id(sight->event, "vcpu");
	json_int_t port = get_id(sight->event, "port");
	struct stream **at = (struct stream **)&testing->state;

	for (; *at; at = &(*at)->next)
		if ((*at)->vm == vm && (*at)->vcpu == vcpu &&
		    (*at)->port == port)
			return *at;
	*at = grade_allocate(1, sizeof(**at));
	**at = (struct stream){ .vm = vm, .vcpu = vcpu, .port = port,
				.first_seq = sight->seq };
	return *at;
}

static void see_console(struct testing *testing, struct sight *sight)
{
	const json_t *text = json_object_get(sight->event, "text");
	struct stream *stream;

	if (strcmp(sight->type, "console") || !json_is_string(text))
		return;
	stream = find_stream(testing, sight);
	if (stream->text.length)
		buffer_add_char(&stream->text, '\n');
	buffer_add(&stream->text, json_string_value(text),
		   json_string_length(text));
}

/* REG_STARTEND (a GNU extension) lets the text hold zero bytes. */
static bool has_text(const struct check *check, struct stream *stream)
{
	regmatch_t range = { 0, (regoff_t)stream->text.length };
	const char *text = buffer_string(&stream->text);

	if (check->is_regex)
		return !regexec(&check->regex, text, 1, &range, REG_STARTEND);
	return memmem(text, stream->text.length, check->text,
		      strlen(check->text));
}

static void add_text(struct buffer *out, const char *text, size_t length)
{
	json_t *string = json_stringn_nocheck(text, length);

	grade_add_json(out, string);
	json_decref(string);
}

static void say_printed(const struct check *check, struct stream *streams,
			struct verdict *verdict)
{
	struct buffer *out = &verdict->reason;
	size_t shown = 0;

	if (!streams) {
		buffer_add_string(out, "the guest printed nothing");
		return;
	}
	buffer_add_string(out, "the guest printed ");
	for (struct stream *stream = streams; stream; stream = stream->next) {
		if (++shown > STREAMS_SHOWN) {
			buffer_add_string(out, " and more");
			break;
		}
		buffer_add_string(out, shown > 1 ? " and " : "");
		add_text(out, stream->text.data, stream->text.length);
		buffer_add_format(out, " (seq %llu)",
				  (unsigned long long)stream->first_seq);
		grade_cite(verdict, stream->first_seq);
	}
	buffer_add_string(out, check->is_regex ? ", which does not fit " :
			  ", not ");
	add_text(out, check->text, strlen(check->text));
}

static void finish_console(struct testing *testing, const struct ending *ending,
			   struct verdict *verdict)
{
	struct stream *stream, *next;

	(void)ending;
	for (stream = testing->state; stream; stream = stream->next) {
		if (verdict->share || !has_text(testing->check, stream))
			continue;
		verdict->share = 1;
		grade_cite(verdict, stream->first_seq);
	}
	if (!verdict->share)
		say_printed(testing->check, testing->state, verdict);
	for (stream = testing->state; stream; stream = next) {
		next = stream->next;
		buffer_free(&stream->text);
		free(stream);
	}
}

const struct test_kind grade_console = { begin_console, see_console,
					 finish_console };
