#include "selection.h"

#include <errno.h>
#include <string.h>

#include "abi/run.h"
#include "base/nearest.h"

struct type_name {
	const char *name;
	uint8_t type;
};

static const struct type_name type_names[] = {
	{ "ioctl", SELECT_IOCTL },
	{ "syscall", SELECT_SYSCALL },
	{ "console", SELECT_CONSOLE },
	{ "process", SELECT_PROCESS },
};

/* Enter one name; false when nothing is called so. */
static bool enter_name(struct selection_list *list, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (!strcmp(abi_ioctls[i].name, name))
			found = list->ioctls[i] = true;
	for (size_t i = 0; i < abi_exit_count; i++)
		if (!strcmp(abi_exits[i].name, name))
			found = list->exits[i] = true;
	for (size_t i = 0; i < abi_role_count; i++) {
		if (strcmp(abi_roles[i].name, name))
			continue;
		list->roles |= abi_roles[i].role;
		found = true;
	}
	for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]);
	     i++) {
		if (strcmp(type_names[i].name, name))
			continue;
		list->types |= type_names[i].type;
		found = true;
	}
	return found;
}

const char *selection_name(size_t index)
{
	if (index < abi_ioctl_count)
		return abi_ioctls[index].name;
	index -= abi_ioctl_count;
	if (index < abi_exit_count)
		return abi_exits[index].name;
	index -= abi_exit_count;
	if (index < abi_role_count)
		return abi_roles[index].name;
	index -= abi_role_count;
	return index < sizeof(type_names) / sizeof(type_names[0]) ?
		type_names[index].name : NULL;
}

static const char *find_nearest(const char *name)
{
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; selection_name(i); i++)
		nearest_offer(&nearest, selection_name(i));
	return nearest.best;
}

int selection_parse(struct selection_list *list, const char *text,
		 char ret_unknown[64], const char **ret_nearest)
{
	char name[64];

	list->is_given = true;
	while (*text) {
		size_t length = strcspn(text, ",");
		size_t kept = length < sizeof(name) ? length : sizeof(name) - 1;

		memcpy(name, text, kept);
		name[kept] = '\0';
		if (length && !enter_name(list, name)) {
			strcpy(ret_unknown, name);
			*ret_nearest = find_nearest(name);
			return -EINVAL;
		}
		text += length;
		text += *text == ',';
	}
	return 0;
}

static bool has_exit(const struct selection_list *list,
		     const struct record *record,
		     const struct session_view *view)
{
	const struct record_part *run = record_find_part(
		record, PART_RUN, PHASE_AFTER, 0);
	const struct abi_exit *row;

	if (!view->has_exit || !run)
		return false;
	row = abi_find_exit((uint32_t)RUN_READ(record_part_bytes(record, run),
					       exit_reason));
	return row && list->exits[row - abi_exits];
}

static bool matches(const struct selection_list *list, enum selection_type type,
		    const struct record *record,
		    const struct session_view *view)
{
	/* A freshly opened descriptor stands in `made`. */
	uint8_t role = record->path ? view->made.role : view->object.role;

	return (list->types & type) || (list->roles & role) ||
	       (view->row && list->ioctls[view->row - abi_ioctls]) ||
	       has_exit(list, record, view);
}

bool selection_wants(const struct selection *selection, enum selection_type type,
		  const struct record *record, const struct session_view *view)
{
	if (selection->only.is_given &&
	    !matches(&selection->only, type, record, view))
		return false;
	return !selection->skip.is_given ||
	       !matches(&selection->skip, type, record, view);
}

bool selection_wants_type(const struct selection *selection, enum selection_type type)
{
	return (!selection->only.is_given || (selection->only.types & type)) &&
	       !(selection->skip.types & type);
}
