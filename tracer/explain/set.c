/* Everything that the rows of abi/ lead to, each type and family once. */
#include <stdlib.h>

#include "base/log.h"
#include "explain/internal.h"

/* Room for one more pointer; arrays double from 64 on. */
static void *grow(void *array, size_t count)
{
	if (count && (count < 64 || (count & (count - 1))))
		return array;
	array = realloc(array, (count ? count * 2 : 64) * sizeof(void *));
	if (!array)
		log_die("out of memory: the types of explain");
	return array;
}

bool explain_set_add_type(struct explain_set *set, const struct abi_type *type)
{
	if (!type)
		return false;
	for (size_t i = 0; i < set->type_count; i++)
		if (set->types[i] == type)
			return false;
	set->types = grow(set->types, set->type_count);
	set->types[set->type_count++] = type;
	return true;
}

bool explain_set_add_names(struct explain_set *set,
			   const struct abi_names *names)
{
	if (!names)
		return false;
	for (size_t i = 0; i < set->family_count; i++)
		if (set->families[i] == names)
			return false;
	set->families = grow(set->families, set->family_count);
	set->families[set->family_count++] = names;
	return true;
}

/* Types are added as they are met; fill() goes through those that follow. */
static void add_field(struct explain_set *set, const struct abi_field *field)
{
	const struct abi_arms *arms = explain_find_arms(field);

	if (field->kind == ABI_FLAGS || field->kind == ABI_ENUM)
		explain_set_add_names(set, field->names);
	if (field->kind == ABI_STRUCT || field->kind == ABI_POINTED)
		explain_set_add_type(set, field->type);
	for (size_t i = 0; arms && i < arms->count; i++)
		explain_set_add_type(set, arms->list[i].type);
	if (arms)
		explain_set_add_type(set, arms->otherwise);
}

static void add_roots(struct explain_set *set)
{
	explain_set_add_type(set, &abi_run_in);
	explain_set_add_type(set, &explain_run_reason);
	explain_set_add_type(set, &abi_run_out);
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		explain_set_add_type(set, abi_ioctls[i].type);
		explain_set_add_type(set, abi_ioctls[i].tdx_type);
		if (abi_ioctls[i].value)
			add_field(set, abi_ioctls[i].value);
	}
	for (size_t i = 0; i < abi_exit_count; i++)
		explain_set_add_type(set, abi_exits[i].type);
	for (size_t i = 0; i < abi_shared_type_count; i++)
		explain_set_add_type(set, abi_shared_types[i]);
	for (size_t i = 0; i < abi_answer_count; i++)
		explain_set_add_names(set, abi_answers[i].names);
}

void explain_set_fill(struct explain_set *set)
{
	add_roots(set);
	for (size_t i = 0; i < set->type_count; i++)
		for (uint32_t j = 0; j < set->types[i]->field_count; j++)
			add_field(set, &set->types[i]->fields[j]);
}

void explain_set_done(struct explain_set *set)
{
	free(set->types);
	free(set->families);
	*set = (struct explain_set){ 0 };
}
