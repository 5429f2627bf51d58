#include "view/view_select.h"

#include <string.h>

#include "base/json_member.h"

#define GONE UINT64_MAX

bool view_select_is_given(const struct selection *selection)
{
	return selection->only.is_given || selection->skip.is_given;
}

static uint8_t get_type(const json_t *event)
{
	static const struct {
		const char *name;
		uint8_t type;
	} types[] = {
		{ "ioctl", SELECT_IOCTL },
		{ "syscall", SELECT_SYSCALL },
		{ "console", SELECT_CONSOLE },
		{ "process", SELECT_PROCESS },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (json_member_is(event, "type", types[i].name))
			return types[i].type;
	return 0;
}

/* A list has all rows of one name, so the first one tells. */
static bool has_call(const struct selection_list *list, const json_t *event)
{
	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (json_member_is(event, "name", abi_ioctls[i].name))
			return list->ioctls[i];
	return false;
}

static bool has_exit(const struct selection_list *list, const json_t *event)
{
	const json_t *exit = json_object_get(event, "exit");

	for (size_t i = 0; exit && i < abi_exit_count; i++)
		if (json_member_is(exit, "reason", abi_exits[i].name))
			return list->exits[i];
	return false;
}

static bool has_role(const struct selection_list *list, const json_t *event)
{
	for (size_t i = 0; i < abi_role_count; i++)
		if (json_member_is(event, "on", abi_roles[i].name))
			return list->roles & abi_roles[i].role;
	return false;
}

static bool matches(const struct selection_list *list, uint8_t type,
		    const json_t *event)
{
	if (list->types & type)
		return true;
	if (type & SELECT_IOCTL && (has_call(list, event) ||
				    has_exit(list, event)))
		return true;
	return type & (SELECT_IOCTL | SELECT_SYSCALL) && has_role(list, event);
}

bool view_select_wants(const struct selection *selection, const json_t *event)
{
	uint8_t type = get_type(event);

	if (!type)
		return true;
	if (selection->only.is_given && !matches(&selection->only, type, event))
		return false;
	return !selection->skip.is_given ||
	       !matches(&selection->skip, type, event);
}

static uint64_t find_place(const struct view_numbers *numbers, json_int_t seq)
{
	uint64_t place = GONE;

	if (seq >= 0 && (uint64_t)seq < numbers->places.length / sizeof(place))
		memcpy(&place, numbers->places.data +
		       (size_t)seq * sizeof(place), sizeof(place));
	return place;
}

static void renumber(const struct view_numbers *numbers, json_t *object,
		     const char *key)
{
	uint64_t place;
	json_int_t seq;

	if (!json_member_integer(object, key, &seq))
		return;
	place = find_place(numbers, seq);
	if (place == GONE)
		json_object_del(object, key);
	else
		json_object_set_new(object, key,
				    json_integer((json_int_t)place));
}

static void renumber_evidence(const struct view_numbers *numbers,
			      const json_t *note)
{
	json_t *list = json_object_get(json_object_get(note, "evidence"),
				       "seq");
	uint64_t place;
	size_t i = 0;

	while (i < json_array_size(list)) {
		place = find_place(numbers, json_integer_value(
					   json_array_get(list, i)));
		if (place == GONE)
			json_array_remove(list, i);
		else
			json_array_set_new(list, i++, json_integer(
						   (json_int_t)place));
	}
}

/* Every key by which one line names another: schemas/README.md. */
static void renumber_all(const struct view_numbers *numbers, json_t *event)
{
	static const char *const keys[] = {
		"seq", "from_seq", "to_seq", "run_seq",
	};
	const json_t *notes = json_object_get(event, "notes");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		renumber(numbers, event, keys[i]);
	renumber(numbers, json_object_get(json_object_get(event, "in"),
					  "completes"), "seq");
	for (size_t i = 0; i < json_array_size(notes); i++)
		renumber_evidence(numbers, json_array_get(notes, i));
	if (json_member_is(event, "type", "trace_end"))
		json_object_set_new(event, "events", json_integer(
					    (json_int_t)numbers->next - 1));
}

void view_numbers_take(struct view_numbers *numbers, json_t *event,
		       bool is_kept)
{
	uint64_t place = is_kept ? numbers->next++ : GONE;

	buffer_add(&numbers->places, &place, sizeof(place));
	if (is_kept)
		renumber_all(numbers, event);
}

void view_numbers_done(struct view_numbers *numbers)
{
	buffer_free(&numbers->places);
}
