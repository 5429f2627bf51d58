#include "compare/starter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "compare/rubric.h"
#include "compare/starter_internal.h"
#include "reader/trace_reader.h"

/* So many different arguments of a call are told apart. */
#define VARIANTS_MAX 8
#define LINES_MAX 20

static const char *get_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Which arguments matter, as an expression; each row adds its part. */

/* "in.slot" in the event */
static const json_t *find_field(const json_t *event, const char *path)
{
	char step[32];

	while (event && *path) {
		size_t length = strcspn(path, ".");

		snprintf(step, sizeof(step), "%.*s", (int)length, path);
		event = json_object_get(event, step);
		path += length + (path[length] == '.');
	}
	return event;
}

static void add_and(struct buffer *where)
{
	buffer_add_string(where, where->length ? " and " : "");
}

static void add_value(struct buffer *where, const json_t *event,
		      const char *path)
{
	const json_t *value = find_field(event, path);
	char *text = value ? json_dumps(value, JSON_ENCODE_ANY |
					JSON_ENSURE_ASCII) : NULL;

	if (!text)
		return;
	add_and(where);
	buffer_add_format(where, ".%s == %s", path, text);
	free(text);
}

static bool has_name(const json_t *names, const char *name)
{
	size_t index;
	json_t *member;

	json_array_foreach(names, index, member)
		if (json_is_string(member) &&
		    !strcmp(json_string_value(member), name))
			return true;
	return false;
}

/* Of a register's bits: PE is asked for or refused, others only asked for. */
static void add_bit(struct buffer *where, const json_t *event,
		    const char *path, const char *bit, bool may_be_unset)
{
	const json_t *names = find_field(event, path);
	bool is_set = has_name(names, bit);

	if (!names || (!is_set && may_be_unset))
		return;
	add_and(where);
	buffer_add_format(where, "(.%s | index(\"%s\")%s)", path, bit,
			  is_set ? "" : " | not");
}

/* The bits that make the mode: Intel SDM volume 3, 2.2 and 2.5. */
static void add_mode(struct buffer *where, const json_t *event)
{
	add_bit(where, event, "in.cr0_names", "PE", false);
	add_bit(where, event, "in.cr0_names", "PG", true);
	add_bit(where, event, "in.cr4_names", "PAE", true);
	add_bit(where, event, "in.cr4_names", "PSE", true);
	add_bit(where, event, "in.efer_names", "LME", true);
	add_bit(where, event, "in.efer_names", "LMA", true);
}

static const struct {
	const char *call;
	const char *paths[2];
	void (*add)(struct buffer *where, const json_t *event);
} fields[] = {
	{ "KVM_SET_USER_MEMORY_REGION",
	  { "in.guest_phys_addr", "in.memory_size" }, NULL },
	{ "KVM_SET_USER_MEMORY_REGION2",
	  { "in.guest_phys_addr", "in.memory_size" }, NULL },
	{ "KVM_CREATE_VCPU", { "in.vcpu_id" }, NULL },
	{ "KVM_SET_SREGS", { NULL }, add_mode },
	{ "KVM_SET_SREGS2", { NULL }, add_mode },
	{ "KVM_SET_REGS", { "in.rip" }, NULL },
	{ "KVM_ENABLE_CAP", { "in.cap_name" }, NULL },
	{ "KVM_CREATE_DEVICE", { "in.type_name" }, NULL },
};

static void describe_call(struct buffer *where, const json_t *event,
			  const char *name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcmp(fields[i].call, name))
			continue;
		for (size_t j = 0; j < 2 && fields[i].paths[j]; j++)
			add_value(where, event, fields[i].paths[j]);
		if (fields[i].add)
			fields[i].add(where, event);
	}
}

/* Ports are what courses change: each becomes a variable. */
static const json_t *describe_exit(const json_t *exit, char name[static 32],
				   struct buffer *where)
{
	const json_t *port = find_field(exit, "io.port");
	const json_t *direction = find_field(exit, "io.direction");

	if (!json_is_integer(port) || !json_is_integer(direction))
		return NULL;
	snprintf(name, 32, "PORT_%llX", json_integer_value(port));
	buffer_add_format(where, ".exit.io.port == $%s and "
			  ".exit.io.direction == %d", name,
			  json_integer_value(direction) != 0);
	return port;
}

/* Seeing the events */

/* One more of `name` with `where`; false: that would be a kind too many. */
static bool count(json_t *names, const char *name, const char *where)
{
	json_t *kinds = json_object_get(names, name);
	json_t *counted;

	if (!kinds)
		json_object_set_new(names, name, kinds = json_object());
	counted = json_object_get(kinds, where);
	if (!counted && json_object_size(kinds) >= VARIANTS_MAX)
		return false;
	return !json_object_set_new(kinds, where, json_integer(
		json_integer_value(counted) + 1));
}

/* As the matchers of a rubric count: on KVM's descriptors, accepted. */
static bool counts(const json_t *event)
{
	const char *on = get_string(event, "on");

	return on && strcmp(on, "not_kvm") && json_object_get(event, "ret") &&
	       !json_object_get(event, "errno") &&
	       !json_object_get(event, "injected");
}

static void see_exit(struct starter *starter, const json_t *event)
{
	const json_t *exit = json_object_get(event, "exit");
	const char *reason = get_string(exit, "reason");
	struct buffer where = BUFFER_EMPTY;
	const json_t *port;
	char name[32];

	if (!reason)
		return;
	port = describe_exit(exit, name, &where);
	if (count(starter->exits, reason, buffer_string(&where)) && port)
		json_object_set(starter->vars, name, (json_t *)port);
	json_decref(starter->last_exit);
	starter->last_exit = json_incref(json_object_get(exit, "reason"));
	json_decref(starter->last_rax);
	starter->last_rax = NULL;
	buffer_free(&where);
}

static void see_call(struct starter *starter, const json_t *event)
{
	const char *name = get_string(event, "name");
	struct buffer where = BUFFER_EMPTY;
	const json_t *rax = find_field(event, "out.rax");

	if (!name || !counts(event))
		return;
	describe_call(&where, event, name);
	if (!json_object_get(starter->calls, name))
		json_array_append_new(starter->order, json_string(name));
	count(starter->calls, name, buffer_string(&where));
	if (!strcmp(name, "KVM_GET_REGS") && rax && starter->last_exit) {
		json_decref(starter->last_rax);
		starter->last_rax = json_incref((json_t *)rax);
	}
	see_exit(starter, event);
	buffer_free(&where);
}

void starter_see(struct starter *starter, const json_t *event)
{
	const char *type = get_string(event, "type");
	const char *text = get_string(event, "text");

	if (!strcmp(type, "ioctl"))
		see_call(starter, event);
	else if (!strcmp(type, "console") && text && strspn(text, " ") <
		 strlen(text) && json_object_size(starter->lines) < LINES_MAX)
		json_object_set_new(starter->lines, text, json_true());
	else if (!strcmp(type, "trace_start"))
		starter->argv = json_incref(json_object_get(event, "argv"));
	else if (!strcmp(type, "trace_end"))
		starter->status = json_incref(json_object_get(event, "status"));
}

static int read_trace(struct starter *starter, const char *path,
		      struct buffer *out)
{
	struct trace_reader *reader = trace_reader_new(path);
	json_t *event;
	int found;

	while ((found = trace_reader_next(reader, &event)) > 0) {
		starter_see(starter, event);
		json_decref(event);
	}
	if (found < 0) {
		buffer_add_string(out, trace_reader_error(reader));
	} else if (!trace_reader_is_complete(reader)) {
		buffer_add_format(out, "%s is incomplete: it has no trace_end",
				  path);
		found = -EBADMSG;
	}
	trace_reader_free(reader);
	return found;
}

/* The text: a check a line */

static void add_json(struct buffer *out, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENSURE_ASCII | JSON_ENCODE_ANY);

	if (!text)
		log_die("out of memory: a rubric");
	buffer_add_string(out, text);
	free(text);
}

static void add_title(struct buffer *out, const json_t *argv)
{
	struct buffer title = BUFFER_EMPTY;
	size_t index;
	json_t *word, *text;

	buffer_add_string(&title, "like");
	json_array_foreach(argv, index, word)
		if (json_is_string(word))
			buffer_add_format(&title, " %s",
					  json_string_value(word));
	text = json_string(buffer_string(&title));
	add_json(out, text);
	json_decref(text);
	buffer_free(&title);
}

static void write_rubric(const struct starter *starter, struct buffer *out)
{
	size_t index;
	json_t *check;

	buffer_add_string(out, "{\n \"rubric\": \"" RUBRIC_FORMAT "\",\n"
			  " \"title\": ");
	add_title(out, starter->argv);
	buffer_add_string(out, ",\n \"vars\": ");
	add_json(out, starter->vars);
	buffer_add_string(out, ",\n \"checks\": [");
	json_array_foreach(starter->checks, index, check) {
		buffer_add_string(out, index ? ",\n  " : "\n  ");
		add_json(out, check);
	}
	buffer_add_string(out, "\n ]\n}\n");
}

static void free_all(struct starter *starter)
{
	json_t *const all[] = {
		starter->calls, starter->exits, starter->lines, starter->order,
		starter->vars, starter->argv, starter->status,
		starter->last_exit, starter->last_rax, starter->checks,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		json_decref(all[i]);
}

int starter_write(const char *path, struct buffer *out)
{
	struct starter starter = {
		.calls = json_object(), .exits = json_object(),
		.lines = json_object(), .order = json_array(),
		.vars = json_object(), .checks = json_array(),
	};
	int error = read_trace(&starter, path, out);

	if (!error) {
		starter_make_checks(&starter);
		write_rubric(&starter, out);
	}
	free_all(&starter);
	return error;
}
