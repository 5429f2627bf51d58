/*
 * Every structure that the tables reach: from ioctls and exits by members,
 * arms of unions and targets of pointers, and those that programs find in
 * mappings. For tests that look at all of them; the list is the program's.
 */
#ifndef TESTS_UNIT_WALK_H
#define TESTS_UNIT_WALK_H

#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>

#include "abi/abi.h"

#define WALK_TYPES_MAX 600

/* A structure, and what of it the rows describe: [start, size). */
struct walk {
	const struct abi_type *type;
	uint32_t start;
};

static struct walk walks[WALK_TYPES_MAX];
static size_t walk_count;

static inline bool walk_has_arms(const struct abi_field *field)
{
	return field->kind == ABI_UNION || field->kind == ABI_POINTED_UNION;
}

static inline const struct abi_type *walk_member_type(
	const struct abi_field *field)
{
	return field->kind == ABI_STRUCT || field->kind == ABI_POINTED
		       ? field->type : NULL;
}

static inline void walk_collect(const struct abi_type *type, uint32_t start)
{
	for (size_t i = 0; type && i < walk_count; i++)
		if (walks[i].type == type)
			return;
	if (!type)
		return;
	if (walk_count == WALK_TYPES_MAX) {
		fputs("more types than WALK_TYPES_MAX\n", stderr);
		abort();
	}
	walks[walk_count++] = (struct walk){ type, start };
	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		walk_collect(walk_member_type(field), 0);
		if (!walk_has_arms(field))
			continue;
		for (size_t j = 0; j < field->arms->count; j++)
			walk_collect(field->arms->list[j].type, 0);
		walk_collect(field->arms->otherwise, 0);
	}
}

/* Bodies of exits are described from the union's start on. */
static inline void walk_collect_all(void)
{
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		walk_collect(abi_ioctls[i].type, 0);
		walk_collect(abi_ioctls[i].tdx_type, 0);
	}
	for (size_t i = 0; i < abi_shared_type_count; i++)
		walk_collect(abi_shared_types[i], 0);
	for (size_t i = 0; i < abi_exit_count; i++)
		walk_collect(abi_exits[i].type, offsetof(struct kvm_run, hw));
}

#endif
