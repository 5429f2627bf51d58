/* The rules that the tables of abi/ tell: pointers, descriptors, padding. */
#include <string.h>

#include "abi/abi.h"
#include "base/buffer.h"
#include "compare/rules.h"

/* No structure nests deeper; types don't refer to themselves. */
#define LEVELS_MAX 8

struct walk {
	struct rules *rules;
	const char *call;
	struct buffer keys;	/* of where the walk is */
};

static void walk_type(struct walk *walk, const struct abi_type *type,
		      int level);

/* The rule for the key `name` with `suffix` in the structure. */
static void add_rule(struct walk *walk, const char *name, const char *suffix,
		     enum rule rule)
{
	size_t length = walk->keys.length;

	buffer_add_format(&walk->keys, ".%s%s", name, suffix);
	rules_add(walk->rules, walk->call, buffer_string(&walk->keys), rule);
	walk->keys.length = length;
}

/* The structure under the key `name`; without one, among its neighbours. */
static void walk_inner(struct walk *walk, const char *name, const char *suffix,
		       const struct abi_type *type, int level)
{
	size_t length = walk->keys.length;

	if (!type || level == LEVELS_MAX)
		return;
	if (name)
		buffer_add_format(&walk->keys, ".%s%s", name, suffix);
	walk_type(walk, type, level + 1);
	walk->keys.length = length;
}

static void walk_arms(struct walk *walk, const struct abi_field *field,
		      int level)
{
	bool is_pointer = field->kind == ABI_POINTED_UNION;

	for (size_t i = 0; i < field->arms->count; i++)
		walk_inner(walk, is_pointer ? field->name :
			   field->arms->list[i].name, is_pointer ? "_data" : "",
			   field->arms->list[i].type, level);
}

static bool is_descriptor(const struct abi_field *field)
{
	size_t length = field->name ? strlen(field->name) : 0;

	return length >= 2 && !strcmp(field->name + length - 2, "fd") &&
	       (field->kind == ABI_INT || field->kind == ABI_DEC);
}

static void walk_field(struct walk *walk, const struct abi_field *field,
		       int level)
{
	/* Another reading of bytes that an earlier row shows. */
	if (field->is_view && field->name && field->kind != ABI_UNION) {
		add_rule(walk, field->name, "", RULE_SHADOW);
		return;
	}
	switch (field->kind) {
	case ABI_STRUCT:
		walk_inner(walk, field->name, "", field->type, level);
		return;
	case ABI_UNION:
		walk_arms(walk, field, level);
		return;
	case ABI_HVA:
		add_rule(walk, field->name, "", RULE_HVA);
		return;
	/* What programs leave there is what the stack held. */
	case ABI_PAD:
		add_rule(walk, field->name, "_hex", RULE_SKIP);
		return;
	case ABI_POINTED:
		walk_inner(walk, field->name, "_data", field->type, level);
		add_rule(walk, field->name, "", RULE_SKIP);
		return;
	case ABI_POINTED_UNION:
		walk_arms(walk, field, level);
		add_rule(walk, field->name, "", RULE_SKIP);
		return;
	case ABI_POINTED_BITS:
		add_rule(walk, field->name, "", RULE_SKIP);
		return;
	default:
		if (is_descriptor(field))
			add_rule(walk, field->name, "", RULE_DESCRIPTOR);
	}
}

static void walk_type(struct walk *walk, const struct abi_type *type, int level)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		walk_field(walk, &type->fields[i], level);
}

static void walk_argument(struct walk *walk, const char *direction,
			  const struct abi_type *type)
{
	buffer_reset(&walk->keys);
	buffer_add_string(&walk->keys, direction);
	walk_type(walk, type, 0);
}

static void walk_value(struct walk *walk, const struct abi_field *value)
{
	buffer_reset(&walk->keys);
	buffer_add_string(&walk->keys, "in");
	walk_field(walk, value, 0);
}

static void walk_both(struct walk *walk, const struct abi_type *type)
{
	if (!type)
		return;
	walk_argument(walk, "in", type);
	walk_argument(walk, "out", type);
}

static void walk_exit(struct walk *walk, const struct abi_exit *exit)
{
	if (!exit->member || !exit->type)
		return;
	buffer_reset(&walk->keys);
	buffer_add_format(&walk->keys, "exit.%s", exit->member);
	walk_type(walk, exit->type, 0);
}

void rules_add_abi(struct rules *rules)
{
	struct walk walk = { .rules = rules, .keys = BUFFER_EMPTY };

	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_ioctl *row = &abi_ioctls[i];

		walk.call = row->name;
		walk_both(&walk, row->type);
		walk_both(&walk, row->tdx_type);
		if (row->value)
			walk_value(&walk, row->value);
		if (row->result == RESULT_FD)
			rules_add(rules, row->name, "ret", RULE_RESULT);
	}
	walk.call = NULL;
	for (size_t i = 0; i < abi_exit_count; i++)
		walk_exit(&walk, &abi_exits[i]);
	buffer_free(&walk.keys);
}
