#include "compare/normalise.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "compare/normalise_internal.h"
#include "compare/spans.h"
#include "reader/trace_reader.h"

#define NO_SEQ UINT64_MAX

static const char *const head_names[HEAD_COUNT] = {
	"type", "name", "on", "vm", "vcpu", "tid", "seq", "ret", "port",
	"event", "in", "exit", "truncated", "schema",
};

struct normaliser *normaliser_new(const struct rules *rules)
{
	struct normaliser *normaliser = calloc(1, sizeof(*normaliser));

	if (!normaliser)
		log_die("out of memory: the normaliser");
	normaliser->rules = rules;
	return normaliser;
}

void normaliser_free(struct normaliser *normaliser)
{
	if (!normaliser)
		return;
	names_free(&normaliser->names);
	hash_map_free(&normaliser->keys);
	buffer_free(&normaliser->members);
	buffer_free(&normaliser->scratch);
	free(normaliser);
}

void normaliser_reset(struct normaliser *normaliser)
{
	names_reset(&normaliser->names);
}

const char *normaliser_error(const struct normaliser *normaliser,
			     size_t *ret_at)
{
	*ret_at = normaliser->error_at;
	return normaliser->error;
}

/* The members that are read first, because the order of keys is free. */
static void find_heads(struct normaliser *normaliser)
{
	const struct buffer *members = &normaliser->members;
	struct json_member member;

	memset(normaliser->heads, 0, sizeof(normaliser->heads));
	for (size_t at = 0; at < members->length; at += sizeof(member)) {
		memcpy(&member, members->data + at, sizeof(member));
		for (size_t i = 0; i < HEAD_COUNT; i++)
			if (member.key.text[1] == *head_names[i] &&
			    span_is_string(member.key, head_names[i]))
				normaliser->heads[i] = member.value;
	}
}

static bool head_is(const struct normaliser *normaliser, enum head head,
		    const char *text)
{
	return span_is_string(normaliser->heads[head], text);
}

static bool is_string(struct json_span span)
{
	return span.length && *span.text == '"';
}

static uint64_t name_hash(const struct normaliser *normaliser,
			  struct json_span string)
{
	return is_string(string) ? rules_name(normaliser->rules,
					      string.text + 1,
					      string.length - 2) : 0;
}

/* The member of an object of the line; length 0 when it isn't there. */
static struct json_span find_member(struct json_span object, const char *key)
{
	struct json_span found, value;
	const char *at;

	if (!object.length || *object.text != '{')
		return (struct json_span){ NULL, 0 };
	at = object.text + 1;
	while (json_scan_member(&at, &found, &value))
		if (span_is_string(found, key))
			return value;
	return (struct json_span){ NULL, 0 };
}

static bool is_ignored(const struct normaliser *normaliser,
		       struct json_span name)
{
	uint64_t hash = name_hash(normaliser, name);

	return hash && rules_find(normaliser->rules, hash,
				  rules_top(normaliser->rules)) == RULE_SKIP;
}

/* By the rules: is the whole line left out? */
static bool is_line_ignored(const struct normaliser *normaliser)
{
	const struct json_span *heads = normaliser->heads;

	return is_ignored(normaliser, heads[HEAD_TYPE]) ||
	       is_ignored(normaliser, heads[HEAD_NAME]) ||
	       is_ignored(normaliser, find_member(heads[HEAD_EXIT], "reason"));
}

static uint64_t hash_head(const struct normaliser *normaliser, uint64_t hash,
			  enum head head)
{
	struct json_span span = normaliser->heads[head];

	return hash_bytes(hash, span.text ? span.text : "", span.length);
}

/*
 * What the event is in order with: the others on its vCPU, on its console, or
 * of its thread. The number of a thread is found here first, so that it counts
 * in order of appearance.
 */
static void find_stream(struct normaliser *normaliser, struct event *event)
{
	uint64_t top = rules_top(normaliser->rules), hash = top, tid;
	bool is_console = normaliser->is_console, is_new;

	if (span_read_number(normaliser->heads[HEAD_TID], &tid)) {
		event->thread = names_find_thread(&normaliser->names, tid,
						  &is_new);
		event->flags |= is_new ? EVENT_NAMES : 0;
	}
	if (is_console || head_is(normaliser, HEAD_ON, "vcpu")) {
		hash = hash_head(normaliser, hash, HEAD_VM);
		hash = hash_head(normaliser, hash, HEAD_VCPU);
		hash = hash_head(normaliser, hash, HEAD_PORT);
		event->stream = hash_mix(hash, is_console);
		event->flags |= is_console ? 0 : EVENT_ON_VCPU;
	} else if (event->thread) {
		event->stream = hash_mix(top, event->thread);
	} else {
		event->stream = hash_head(normaliser, top, HEAD_TYPE);
	}
}

/* Which event it is, as far as the keys at the top tell. */
static void find_kind(struct normaliser *normaliser, struct event *event)
{
	uint64_t hash = rules_top(normaliser->rules);

	hash = hash_head(normaliser, hash, HEAD_TYPE);
	hash = hash_head(normaliser, hash, HEAD_NAME);
	event->coarse = hash_head(normaliser, hash, HEAD_EVENT);
	hash = hash_head(normaliser, event->coarse, HEAD_ON);
	hash = hash_head(normaliser, hash, HEAD_VM);
	event->fine = hash_head(normaliser, hash, HEAD_VCPU);
}

static void begin_event(struct normaliser *normaliser, struct event *event)
{
	const struct json_span *heads = normaliser->heads;
	bool is_syscall = head_is(normaliser, HEAD_TYPE, "syscall");
	uint64_t number;

	*event = (struct event){ .seq = NO_SEQ, .vm = -1 };
	normaliser->event = event;
	normaliser->identity = 0;
	normaliser->is_console = head_is(normaliser, HEAD_TYPE, "console");
	normaliser->call = name_hash(normaliser, is_syscall ||
				     !heads[HEAD_NAME].length ?
				     heads[HEAD_TYPE] : heads[HEAD_NAME]);
	if (span_read_number(heads[HEAD_SEQ], &number))
		event->seq = number;
	if (span_read_number(heads[HEAD_VM], &number) && number <= INT32_MAX)
		event->vm = (int32_t)number;
	if (normaliser->is_console)
		event->flags |= EVENT_DERIVED;
	if (head_is(normaliser, HEAD_TYPE, "trace_end"))
		event->flags |= EVENT_DERIVED | EVENT_END;
	if (head_is(normaliser, HEAD_TYPE, "trace_start"))
		event->flags |= EVENT_START;
	if (span_is(heads[HEAD_TRUNCATED], "true"))
		event->flags |= EVENT_TRUNCATED;
	if (rules_has_names(normaliser->rules) && is_line_ignored(normaliser))
		event->flags |= EVENT_IGNORED;
	find_stream(normaliser, event);
	find_kind(normaliser, event);
}

/* A format of another major version has other rules. */
static bool is_other_version(const struct normaliser *normaliser)
{
	struct json_span schema = normaliser->heads[HEAD_SCHEMA];
	size_t length = strlen(TRACE_READER_FORMAT);

	if (!(normaliser->event->flags & EVENT_START) || !is_string(schema))
		return false;
	return schema.length < length + 2 ||
	       memcmp(schema.text + 1, TRACE_READER_FORMAT, length) != 0 ||
	       (schema.text[length + 1] >= '0' &&
		schema.text[length + 1] <= '9');
}

/* The slot that a call of KVM_SET_USER_MEMORY_REGION (api.rst 4.35) made. */
static void take_slot(struct normaliser *normaliser)
{
	const struct json_span *heads = normaliser->heads;
	struct names_slot slot = { .vm = normaliser->event->vm };
	uint64_t number;

	if (!head_is(normaliser, HEAD_NAME, "KVM_SET_USER_MEMORY_REGION") &&
	    !head_is(normaliser, HEAD_NAME, "KVM_SET_USER_MEMORY_REGION2"))
		return;
	if (!span_is(heads[HEAD_RET], "0") ||
	    !span_read_number(find_member(heads[HEAD_IN], "slot"), &number) ||
	    !span_read_hex(find_member(heads[HEAD_IN], "memory_size"),
			   &slot.size) ||
	    !span_read_hex(find_member(heads[HEAD_IN], "userspace_addr"),
			   &slot.hva))
		return;
	slot.slot = (uint32_t)number;
	names_set_slot(&normaliser->names, &slot);
	normaliser->event->flags |= EVENT_NAMES;
}

static void take_exit(struct normaliser *normaliser)
{
	uint64_t tid;

	if (!head_is(normaliser, HEAD_TYPE, "process") ||
	    !head_is(normaliser, HEAD_EVENT, "exit") ||
	    !span_read_number(normaliser->heads[HEAD_TID], &tid))
		return;
	names_end_thread(&normaliser->names, tid);
	normaliser->event->flags |= EVENT_NAMES;
}

static int read_members(struct normaliser *normaliser)
{
	const struct buffer *members = &normaliser->members;
	struct json_member member;

	hash_map_reset(&normaliser->keys);
	for (size_t at = 0; at < members->length; at += sizeof(member)) {
		struct place place = { .parent = NULL };
		int r;

		memcpy(&member, members->data + at, sizeof(member));
		place.key = member.key;
		r = normaliser_read_value(normaliser, &place, member.value,
					  RULE_KEEP, STANDING_OWN);
		if (r)
			return r;
	}
	return 0;
}

int normaliser_read(struct normaliser *normaliser, struct json_span line,
		    struct event *ret_event, normalise_visit *visit,
		    void *context)
{
	const char *why;
	size_t at;
	int r;

	buffer_reset(&normaliser->members);
	why = json_scan_check(line.text, line.length, &normaliser->members,
			      &at);
	if (why)
		return normaliser_refuse(normaliser, why, at);
	normaliser->line = line.text;
	normaliser->visit = visit;
	normaliser->context = context;
	find_heads(normaliser);
	if (!is_string(normaliser->heads[HEAD_TYPE]))
		return normaliser_refuse(normaliser, "it has no type", 1);
	begin_event(normaliser, ret_event);
	if (is_other_version(normaliser))
		return normaliser_refuse(normaliser, "this version reads "
					 TRACE_READER_FORMAT " only", 1);
	r = read_members(normaliser);
	if (r)
		return r;
	ret_event->fine = hash_mix(ret_event->fine, normaliser->identity);
	take_slot(normaliser);
	take_exit(normaliser);
	return 0;
}
