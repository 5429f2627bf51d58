/*
 * Which numbers of an event people read in hex: the rows that decoded it say
 * so, and the view walks them beside the JSON. What no row knows (counts at
 * the end, say) is decimal.
 */
#include <linux/kvm.h>

#include "sink/text_hex.h"
#include "sink/text_internal.h"

/* A family with a larger number in it is known in hex. */
#define DECIMAL_MAX 4095
#define UNION_DEPTH_MAX 4

bool text_hex_has_family(const struct abi_names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (names->list[i].value > DECIMAL_MAX)
			return true;
	return false;
}

/* The row of a call; where two have its name, by the kind of descriptor. */
static const struct abi_ioctl *find_ioctl(const json_t *event)
{
	const char *name = json_member_text(event, "name");
	const char *on = json_member_text(event, "on");
	const struct abi_ioctl *found = NULL;
	size_t i, j;

	for (i = 0; name && i < abi_ioctl_count; i++) {
		if (strcmp(abi_ioctls[i].name, name) != 0)
			continue;
		found = &abi_ioctls[i];
		for (j = 0; on && j < abi_role_count; j++)
			if (found->roles & abi_roles[j].role &&
			    strcmp(abi_roles[j].name, on) == 0)
				return found;
	}
	return found;
}

static const struct abi_type *find_exit_type(const json_t *event)
{
	const json_t *exit = json_member_object(event, "exit");
	const struct abi_exit *row;
	uint64_t code;

	if (!json_member_u64(exit, "code", &code) || code > UINT32_MAX)
		return NULL;
	row = abi_find_exit((uint32_t)code);
	return row ? row->type : NULL;
}

/* KVM_MEMORY_ENCRYPT_OP has two structures: a command's name tells which. */
static bool is_tdx(const json_t *object)
{
	const char *id = json_member_text(object, "id_name");

	return id && strncmp(id, "KVM_TDX_", 8) == 0;
}

void text_type_begin(struct text_view *view, const json_t *event,
		     const char *part)
{
	const struct abi_ioctl *row = find_ioctl(event);

	view->type = NULL;
	if (strcmp(part, "exit") == 0)
		view->type = find_exit_type(event);
	else if (abi_is_run(row))
		view->type = strcmp(part, "in") == 0 ? &abi_run_in
						     : &abi_run_out;
	else if (row)
		view->type = is_tdx(json_member_object(event, part))
			   ? row->tdx_type : row->type;
}

static bool is_union(const struct abi_field *field)
{
	return field->kind == ABI_UNION || field->kind == ABI_POINTED_UNION;
}

/*
 * The members of an arm without a name stand among those of its struct. Where
 * several arms have the key the first decides, without a look at the tag: so
 * the sizes that CPUID leaf 0xd has are in hex like all other registers.
 */
static const struct abi_field *find_field(const struct abi_type *type,
					  const char *key, size_t length,
					  unsigned depth);

static const struct abi_field *find_in_union(const struct abi_arms *arms,
					     const char *key, size_t length,
					     unsigned depth)
{
	const struct abi_field *found = NULL;
	size_t i;

	for (i = 0; !found && i < arms->count; i++)
		if (!arms->list[i].name)
			found = find_field(arms->list[i].type, key, length,
					   depth);
	return found ? found : find_field(arms->otherwise, key, length, depth);
}

static const struct abi_field *find_field(const struct abi_type *type,
					  const char *key, size_t length,
					  unsigned depth)
{
	const struct abi_field *found = NULL;
	uint32_t i;

	if (!type || depth > UNION_DEPTH_MAX)
		return NULL;
	for (i = 0; i < type->field_count; i++)
		if (type->fields[i].kind != ABI_UNION &&
		    strlen(type->fields[i].name) == length &&
		    memcmp(type->fields[i].name, key, length) == 0)
			return &type->fields[i];
	for (i = 0; !found && i < type->field_count; i++)
		if (type->fields[i].kind == ABI_UNION)
			found = find_in_union(type->fields[i].arms, key, length,
					      depth + 1);
	return found;
}

/* The type of an arm that has this name. */
static const struct abi_type *find_arm(const struct abi_type *type,
				       const char *key)
{
	uint32_t i;
	size_t j;

	for (i = 0; i < type->field_count; i++) {
		const struct abi_arms *arms = type->fields[i].arms;

		if (!is_union(&type->fields[i]))
			continue;
		for (j = 0; j < arms->count; j++)
			if (arms->list[j].name &&
			    strcmp(arms->list[j].name, key) == 0)
				return arms->list[j].type;
	}
	return NULL;
}

/* What a pointer of several kinds leads to: the tag beside it tells. */
static const struct abi_type *find_target(const struct abi_type *type,
					  const struct abi_arms *arms,
					  const json_t *object)
{
	uint64_t tag;
	uint32_t i;
	size_t j;

	for (i = 0; i < type->field_count; i++) {
		if (type->fields[i].offset != arms->tag_offset ||
		    !json_member_u64(object, type->fields[i].name, &tag))
			continue;
		for (j = 0; j < arms->count; j++)
			if (arms->list[j].value == tag)
				return arms->list[j].type;
	}
	return arms->otherwise;
}

/* "data_data" is what `data` points to. */
static size_t get_stem(const char *key)
{
	size_t length = strlen(key);

	return length > 5 && strcmp(key + length - 5, "_data") == 0
	     ? length - 5 : 0;
}

static const struct abi_type *find_type(const struct abi_type *type,
					const json_t *object, const char *key)
{
	const struct abi_field *field = find_field(type, key, strlen(key), 0);
	size_t stem = get_stem(key);

	if (!field && stem)
		field = find_field(type, key, stem, 0);
	if (!field)
		return find_arm(type, key);
	if (field->kind == ABI_STRUCT || field->kind == ABI_POINTED)
		return field->type;
	if (field->kind == ABI_POINTED_UNION)
		return find_target(type, field->arms, object);
	return find_arm(type, key);
}

const struct abi_type *text_type_enter(struct text_view *view,
				       const json_t *object, const char *key)
{
	const struct abi_type *type = view->type;

	if (type)
		view->type = find_type(type, object, key);
	return type;
}

bool text_type_is_hex(const struct text_view *view, const char *key)
{
	const struct abi_field *field = find_field(view->type, key, strlen(key),
						   0);

	if (!field)
		return false;
	switch (field->kind) {
	case ABI_HEX:
	case ABI_GPA:
	case ABI_GVA:
	case ABI_HVA:
	case ABI_FLAGS:
		return true;
	case ABI_ENUM:
		return text_hex_has_family(field->names);
	default:
		return false;
	}
}
