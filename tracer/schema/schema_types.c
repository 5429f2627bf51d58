/*
 * Rows of abi/ as JSON Schema: what decode/ writes for a field, in the words
 * of draft-07. Numbers of up to 32 bits are integers, wider ones hex strings;
 * flags and enumerations have their names beside them, bytes end in _hex.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "schema/schema.h"

#define KEY_BYTES 160

json_t *schema_refer(const char *name)
{
	char text[KEY_BYTES + 16];

	snprintf(text, sizeof(text), "#/definitions/%s", name);
	return json_pack("{s:s}", "$ref", text);
}

/* One more form of a member that has several: a flat list, each once. */
static void add_form(json_t *forms, json_t *schema)
{
	json_t *form;
	size_t i;

	json_array_foreach(forms, i, form) {
		if (!json_equal(form, schema))
			continue;
		json_decref(schema);
		return;
	}
	json_array_append_new(forms, schema);
}

/* A key that several readings share takes what any of them gives. */
static void add_key(json_t *properties, const char *name, const char *suffix,
		    json_t *schema)
{
	char key[KEY_BYTES];
	json_t *before, *forms;

	snprintf(key, sizeof(key), "%s%s", name, suffix);
	before = json_object_get(properties, key);
	forms = json_object_get(before, "anyOf");
	if (forms) {
		add_form(forms, schema);
		return;
	}
	if (before && !json_equal(before, schema))
		schema = json_pack("{s:[O, o]}", "anyOf", before, schema);
	json_object_set_new(properties, key, schema);
}

static const char *number_name(const struct abi_field *field)
{
	bool is_signed = field->kind == ABI_INT;

	if (field->bits && field->bits <= 32)
		return is_signed ? "s32" : "u32";
	switch (field->size) {
	case 1:
		return is_signed ? "s8" : "u8";
	case 2:
		return is_signed ? "s16" : "u16";
	case 4:
		return is_signed ? "s32" : "u32";
	default:
		return "hex";
	}
}

static void add_bytes(json_t *properties, const char *name)
{
	add_key(properties, name, "_hex", schema_refer("hex_bytes"));
	if (!json_object_get(properties, "text"))
		add_key(properties, "text", "",
			json_pack("{s:s}", "type", "string"));
}

/* One element, as it stands alone or in an array. */
static json_t *describe_element(struct schema_types *types,
				const struct abi_field *field)
{
	if (field->kind == ABI_STRUCT)
		return schema_refer_type(types, field->type);
	return schema_refer(number_name(field));
}

static void add_array(struct schema_types *types, json_t *properties,
		      const struct abi_field *field)
{
	json_t *array = json_pack("{s:s, s:o}", "type", "array", "items",
				  describe_element(types, field));

	if (field->count)
		json_object_set_new(array, "maxItems",
				    json_integer(field->count));
	add_key(properties, field->name, "", array);
}

static void add_members(struct schema_types *types, json_t *properties,
			const struct abi_type *type)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		schema_add_field(types, properties, &type->fields[i]);
}

/* An arm with a name is an object; the others' members stand beside the tag. */
static void add_arms(struct schema_types *types, json_t *properties,
		     const struct abi_field *field)
{
	const struct abi_arms *arms = field->arms;

	for (size_t i = 0; i < arms->count; i++) {
		const struct abi_arm *arm = &arms->list[i];

		if (arm->type && arm->name)
			add_key(properties, arm->name, "",
				schema_refer_type(types, arm->type));
		else if (arm->type)
			add_members(types, properties, arm->type);
	}
	if (arms->otherwise)
		add_members(types, properties, arms->otherwise);
	else if (!field->is_view)
		add_bytes(properties, field->name);
}

/* What a pointer points to: beside the address, as decode.c names it. */
static void add_target(struct schema_types *types, json_t *properties,
		       const struct abi_field *field,
		       const struct abi_type *type)
{
	json_t *target;

	if (!type) {
		add_bytes(properties, field->name);
		return;
	}
	target = schema_refer_type(types, type);
	if (field->is_array)
		target = json_pack("{s:s, s:o}", "type", "array", "items",
				   target);
	add_key(properties, field->name, "_data", target);
}

static void add_pointed(struct schema_types *types, json_t *properties,
			const struct abi_field *field)
{
	add_key(properties, field->name, "", schema_refer("hex"));
	if (field->kind == ABI_POINTED) {
		add_target(types, properties, field, field->type);
		return;
	}
	if (field->kind == ABI_POINTED_BITS) {
		add_key(properties, field->name, "_bits",
			schema_refer("bit_ranges"));
		return;
	}
	for (size_t i = 0; i < field->arms->count; i++)
		add_target(types, properties, field,
			   field->arms->list[i].type);
	add_target(types, properties, field, field->arms->otherwise);
	/* Of another length than the type's. */
	if (field->length.rule != LENGTH_TYPE)
		add_bytes(properties, field->name);
}

static void add_names(json_t *properties, const struct abi_field *field)
{
	if (field->kind == ABI_FLAGS)
		add_key(properties, field->name, "_names",
			schema_refer("names"));
	else if (field->kind == ABI_ENUM)
		add_key(properties, field->name, "_name",
			json_pack("{s:s}", "type", "string"));
}

static void add_number(struct schema_types *types, json_t *properties,
		       const struct abi_field *field)
{
	if (field->is_array || field->is_counted) {
		add_array(types, properties, field);
		if (field->kind == ABI_FLAGS || field->kind == ABI_ENUM)
			add_key(properties, field->name, "_names",
				json_pack("{s:s}", "type", "array"));
		return;
	}
	add_key(properties, field->name, "", describe_element(types, field));
	add_names(properties, field);
}

void schema_add_field(struct schema_types *types, json_t *properties,
		      const struct abi_field *field)
{
	switch (field->kind) {
	case ABI_STALE:
		return;
	case ABI_PAD:
		add_key(properties, field->name, "_hex",
			schema_refer("hex_bytes"));
		return;
	case ABI_BYTES:
		add_bytes(properties, field->name);
		return;
	case ABI_TEXT:
		add_key(properties, field->name, "",
			json_pack("{s:s}", "type", "string"));
		return;
	case ABI_UNION:
		add_arms(types, properties, field);
		return;
	case ABI_POINTED:
	case ABI_POINTED_UNION:
	case ABI_POINTED_BITS:
		add_pointed(types, properties, field);
		return;
	default:
		add_number(types, properties, field);
	}
}

/* The type's name, with a number where several types have it. */
static const char *choose_name(const struct schema_types *types,
			       const struct abi_type *type)
{
	char *name = malloc(KEY_BYTES);
	unsigned int number = 1;

	if (!name)
		log_die("out of memory: the schema");
	snprintf(name, KEY_BYTES, "%s", type->name);
	while (json_object_get(types->definitions, name))
		snprintf(name, KEY_BYTES, "%s.%u", type->name, ++number);
	return name;
}

/* Its place is taken first: a type may reach itself by its members. */
static const char *define_type(struct schema_types *types,
			       const struct abi_type *type)
{
	const char *name = choose_name(types, type);
	json_t *properties = json_object();
	size_t count = types->count + 1;

	types->types = realloc(types->types, count * sizeof(types->types[0]));
	types->names = realloc(types->names, count * sizeof(types->names[0]));
	if (!types->types || !types->names)
		log_die("out of memory: the schema");
	types->types[types->count] = type;
	types->names[types->count++] = name;
	json_object_set_new(types->definitions, name, json_pack(
		"{s:s, s:O}", "type", "object", "properties", properties));
	add_members(types, properties, type);
	json_decref(properties);
	return name;
}

json_t *schema_refer_type(struct schema_types *types,
			  const struct abi_type *type)
{
	for (size_t i = 0; i < types->count; i++)
		if (types->types[i] == type)
			return schema_refer(types->names[i]);
	return schema_refer(define_type(types, type));
}

void schema_types_done(struct schema_types *types)
{
	for (size_t i = 0; i < types->count; i++)
		free((char *)types->names[i]);
	free(types->types);
	free(types->names);
}
