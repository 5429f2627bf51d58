/*
 * Members by name: NAME, TYPE.NAME, and paths such as kvm_sregs.cs.base or, as
 * in a trace, io.port.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "explain/internal.h"

/* More members of one name than these get a line each. */
#define IN_FULL_MAX 4
#define MEMBERS_MAX 512

struct member {
	const struct abi_type *type;
	const struct abi_field *field;
};

struct members {
	struct member list[MEMBERS_MAX];
	size_t count;
	struct explain_set arms;	/* structures that a union holds */
	bool is_path;			/* not a single name */
};

/* One structure may have several types, which differ in other members. */
static bool is_same(const struct member *member, const struct abi_type *type,
		    const struct abi_field *field)
{
	const struct abi_field *other = member->field;

	return !strcmp(member->type->name, type->name) &&
	       !strcmp(other->name, field->name) &&
	       other->offset == field->offset && other->size == field->size &&
	       other->kind == field->kind && other->flow == field->flow &&
	       other->type == field->type;
}

static void add_found(struct members *members, const struct abi_type *type,
		      const struct abi_field *field)
{
	for (size_t i = 0; i < members->count; i++)
		if (is_same(&members->list[i], type, field))
			return;
	if (members->count < MEMBERS_MAX)
		members->list[members->count++] =
			(struct member){ type, field };
}

/* What follows the name and its dot; "" at the path's end, NULL: not it. */
static const char *skip_name(const char *path, const char *name)
{
	size_t length = name ? strlen(name) : 0;

	if (!length || strncasecmp(path, name, length))
		return NULL;
	if (path[length] == '.' && path[length + 1])
		return path + length + 1;
	return path[length] ? NULL : path + length;
}

static void find_path(struct members *members, const struct abi_type *type,
		      const char *path);

static void find_in_arms(struct members *members, const struct abi_arms *arms,
			 const char *path)
{
	for (size_t i = 0; i < arms->count; i++) {
		const struct abi_arm *arm = &arms->list[i];
		const char *rest = arm->name ? skip_name(path, arm->name)
					     : path;

		if (arm->type && rest && *rest)
			find_path(members, arm->type, rest);
		else if (rest && members->is_path)
			explain_set_add_type(&members->arms, arm->type);
	}
	if (arms->otherwise)
		find_path(members, arms->otherwise, path);
}

static void find_path(struct members *members, const struct abi_type *type,
		      const char *path)
{
	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];
		const struct abi_arms *arms = explain_find_arms(field);
		const char *rest = skip_name(path, field->name);

		if (rest && !*rest)
			add_found(members, type, field);
		else if (rest && field->type &&
			 (field->kind == ABI_STRUCT ||
			  field->kind == ABI_POINTED))
			find_path(members, field->type, rest);
		/* C names the union, "u.msi"; traces leave it out. */
		if (arms && rest && *rest)
			find_in_arms(members, arms, rest);
		if (arms)
			find_in_arms(members, arms, path);
	}
}

static void find_all(struct members *members, const struct explain_set *all,
		     const char *name)
{
	for (size_t i = 0; i < all->type_count; i++) {
		const struct abi_type *type = all->types[i];
		const char *rest = skip_name(name, type->name);

		find_path(members, type, name);
		if (rest && *rest)
			find_path(members, type, rest);
	}
	for (size_t i = 0; i < abi_exit_count; i++) {
		const char *rest = skip_name(name, abi_exits[i].member);

		if (rest && *rest && abi_exits[i].type)
			find_path(members, abi_exits[i].type, rest);
	}
}

/* Who has any of the types that have this member. */
static void add_users(struct buffer *list, const struct explain_set *all,
		      const struct member *member)
{
	for (size_t i = 0; i < all->type_count; i++) {
		const struct abi_type *type = all->types[i];

		for (uint32_t j = 0; j < type->field_count; j++)
			if (is_same(member, type, &type->fields[j]))
				explain_add_users(list, all, type);
	}
}

static void attach(struct explain_page *page, const struct abi_field *field)
{
	if (field->kind == ABI_FLAGS || field->kind == ABI_ENUM)
		explain_set_add_names(&page->attached, field->names);
	if (field->kind == ABI_STRUCT || field->kind == ABI_POINTED)
		explain_set_add_type(&page->attached, field->type);
}

static void show_member(struct explain_page *page, const struct member *member)
{
	const struct abi_field *field = member->field;
	struct buffer text = BUFFER_EMPTY;

	explain_add_title(page, "%s.%s: a member, at offset %u",
			  member->type->name, field->name, field->offset);
	explain_add_declaration(&text, member->type, field);
	explain_add_row(page, "declared", buffer_string(&text));
	buffer_reset(&text);
	explain_add_remark(&text, member->type, field);
	if (text.length)
		explain_add_row(page, "holds", buffer_string(&text));
	explain_add_arms(page->out, member->type, field);
	buffer_reset(&text);
	add_users(&text, page->all, member);
	if (text.length)
		explain_add_row(page, "used by", buffer_string(&text));
	buffer_free(&text);
	attach(page, field);
}

/* One line for a member of many: "flags" is in nearly every structure. */
static void list_member(struct explain_page *page, const struct member *member)
{
	struct buffer line = BUFFER_EMPTY;

	buffer_add_format(&line, "%s.%s", member->type->name,
			  member->field->name);
	buffer_add_format(page->out, "  %-40s  ", buffer_string(&line));
	buffer_reset(&line);
	explain_add_remark(&line, member->type, member->field);
	if (!line.length)
		explain_add_declaration(&line, member->type, member->field);
	explain_add_words(page->out, 44, buffer_string(&line));
	buffer_free(&line);
}

static unsigned int show_arms(struct explain_page *page,
			      struct explain_set *arms)
{
	unsigned int found = (unsigned int)arms->type_count;

	for (size_t i = 0; i < arms->type_count; i++)
		explain_show_type(page, arms->types[i], true);
	explain_set_done(arms);
	return found;
}

static unsigned int find_members(struct explain_page *page,
				 const struct explain_wanted *wanted)
{
	struct members members = { .count = 0 };

	if (wanted->is_number)
		return 0;
	members.is_path = strchr(wanted->name, '.');
	find_all(&members, page->all, wanted->name);
	if (members.count > IN_FULL_MAX)
		explain_add_title(page, "%s: a member in %zu places",
				  wanted->name, members.count);
	for (size_t i = 0; i < members.count; i++)
		if (members.count > IN_FULL_MAX)
			list_member(page, &members.list[i]);
		else
			show_member(page, &members.list[i]);
	return (unsigned int)members.count + show_arms(page, &members.arms);
}

static void offer_members(struct explain_near *near,
			  const struct explain_set *all)
{
	char path[192];

	for (size_t i = 0; i < all->type_count; i++) {
		const struct abi_type *type = all->types[i];

		for (uint32_t j = 0; j < type->field_count; j++) {
			explain_near_offer(near, type->fields[j].name);
			snprintf(path, sizeof(path), "%s.%s", type->name,
				 type->fields[j].name);
			explain_near_offer(near, path);
		}
	}
}

const struct explain_kind explain_members = { find_members, offer_members };
