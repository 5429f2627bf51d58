#include "sink/lane_names.h"

#include <string.h>

#include "base/json_member.h"
#include "base/log.h"

#define PREFIX "KVM_EXIT_"
#define PAGE_MASK 0xfffull
/* JavaScript's largest exact integer. */
#define EXACT_MAX ((json_int_t)1 << 53)

static bool add_io(struct buffer *out, const json_t *exit)
{
	const json_t *io = json_object_get(exit, "io");
	uint64_t port, direction;

	if (!json_member_u64(io, "port", &port) ||
	    !json_member_u64(io, "direction", &direction))
		return false;
	buffer_add_string(out, direction ? "IO out " : "IO in ");
	buffer_add_hex(out, port);
	return true;
}

/* By page: a device's registers are together there, and names stay few. */
static bool add_mmio(struct buffer *out, const json_t *exit)
{
	const json_t *mmio = json_object_get(exit, "mmio");
	uint64_t gpa, is_write;

	if (!json_member_u64(mmio, "phys_addr", &gpa) ||
	    !json_member_u64(mmio, "is_write", &is_write))
		return false;
	buffer_add_string(out, is_write ? "MMIO write " : "MMIO read ");
	buffer_add_hex(out, gpa & ~PAGE_MASK);
	return true;
}

void lane_names_add_run(struct buffer *out, const json_t *event)
{
	const json_t *exit = json_object_get(event, "exit");
	const char *reason = json_member_text(exit, "reason");
	const char *error = json_member_text(event, "errno");

	if (json_member_is_true(event, "unfinished"))
		buffer_add_string(out, "unfinished");
	else if (error)
		buffer_add_string(out, error);
	else if (!reason)
		buffer_add_string(out, "KVM_RUN");
	else if (!add_io(out, exit) && !add_mmio(out, exit))
		buffer_add_string(out, strncmp(reason, PREFIX, strlen(PREFIX)) ?
				  reason : reason + strlen(PREFIX));
}

static json_t *new_exact(const json_t *value);

static json_t *new_exact_object(const json_t *object)
{
	json_t *copy = json_object(), *member;
	const char *key;

	json_member_foreach(object, key, member)
		json_object_set_new_nocheck(copy, key, new_exact(member));
	return copy;
}

static json_t *new_exact_array(const json_t *array)
{
	json_t *copy = json_array();

	for (size_t i = 0; i < json_array_size(array); i++)
		json_array_append_new(copy,
				      new_exact(json_array_get(array, i)));
	return copy;
}

/* As deep as jansson's parser goes (2048), no deeper. */
static json_t *new_exact(const json_t *value)
{
	json_int_t number = json_integer_value(value);

	if (json_is_object(value))
		return new_exact_object(value);
	if (json_is_array(value))
		return new_exact_array(value);
	if (number > EXACT_MAX || number < -EXACT_MAX)
		return json_sprintf("%lld", (long long)number);
	return json_incref((json_t *)(uintptr_t)value);
}

static bool is_shown_otherwise(const char *key, bool has_flow)
{
	return !strcmp(key, "type") || !strcmp(key, "pid") ||
	       !strcmp(key, "tid") || (!has_flow && !strcmp(key, "flow"));
}

json_t *lane_names_new_arguments(const json_t *event, bool has_flow)
{
	json_t *arguments = json_object(), *member;
	const char *key;

	if (!arguments)
		log_die("out of memory: the arguments of a slice");
	json_member_foreach(event, key, member)
		if (!is_shown_otherwise(key, has_flow))
			json_object_set_new_nocheck(arguments, key,
						    new_exact(member));
	return arguments;
}
