#include "schema/schema.h"

#include <stdio.h>
#include <string.h>

#include "abi/tables.h"
#include "base/log.h"

/* schemas/envelope.json, put into the program by schema_envelope.S. */
extern const char schema_envelope_start[], schema_envelope_end[];

static json_t *read_envelope(void)
{
	json_error_t error;
	json_t *envelope = json_loadb(schema_envelope_start,
				      (size_t)(schema_envelope_end -
					       schema_envelope_start),
				      JSON_REJECT_DUPLICATES, &error);

	if (!envelope)
		log_die("envelope.json, line %d: %s", error.line, error.text);
	return envelope;
}

/* {"if":{"properties":{KEY:TEST}},"then":{"$ref":NAME}} */
static json_t *new_rule(const char *key, json_t *test, const char *name)
{
	return json_pack("{s:{s:{s:o}}, s:o}", "if", "properties", key, test,
			 "then", schema_refer(name));
}

static json_t *new_const(const char *text)
{
	return json_pack("{s:s}", "const", text);
}

/* Ioctls */

/* Registers that go along with KVM_RUN, and writes that wait in its ring. */
static json_t *new_run_extras(struct schema_types *types)
{
	return json_pack("{s:{s:o, s:{s:s, s:o}}}", "properties", "sync_regs",
			 schema_refer_type(types, &abi_type_sync_regs),
			 "coalesced_mmio", "type", "array", "items",
			 schema_refer_type(types, &abi_type_coalesced_mmio));
}

/* Has an exit's structure, by any tag, members that the program answers? */
static bool has_answers(const struct abi_type *type)
{
	for (uint32_t i = 0; type && i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (field->is_answer)
			return true;
		if (field->kind != ABI_UNION)
			continue;
		for (size_t j = 0; j < field->arms->count; j++)
			if (has_answers(field->arms->list[j].type))
				return true;
	}
	return false;
}

/* In `completes`, an exit's answers by the names that they have there. */
static json_t *new_answers(struct schema_types *types)
{
	json_t *answers = json_object();

	for (size_t i = 0; i < abi_exit_count; i++)
		if (has_answers(abi_exits[i].type))
			json_object_set_new(answers, abi_exits[i].member,
					    schema_refer_type(
						types, abi_exits[i].type));
	return json_pack("{s:{s:{s:o}}}", "properties", "completes",
			 "properties", answers);
}

/* KVM_RUN's data are in kvm_run, and say which exit they complete. */
static void describe_run(struct schema_types *types, json_t *properties)
{
	json_object_set_new(properties, "in", json_pack(
		"{s:s, s:[o, o, o, o]}", "type", "object", "allOf",
		schema_refer_type(types, &abi_run_in), new_run_extras(types),
		schema_refer("run_completion"), new_answers(types)));
	json_object_set_new(properties, "out", json_pack(
		"{s:s, s:[o, o]}", "type", "object", "allOf",
		schema_refer_type(types, &abi_run_out),
		new_run_extras(types)));
}

static void describe_value(struct schema_types *types, json_t *properties,
			   const struct abi_field *value)
{
	json_t *members = json_object();

	schema_add_field(types, members, value);
	/* Too large for its type, it stays as it was passed. */
	json_object_set_new(members, value->name,
			    schema_refer("number_or_hex"));
	json_object_set_new(properties, "in", json_pack(
		"{s:s, s:o}", "type", "object", "properties", members));
}

/* What the argument points to; in a TDX VM it may be something else. */
static json_t *describe_target(struct schema_types *types,
			       const struct abi_ioctl *row)
{
	if (!row->tdx_type)
		return schema_refer_type(types, row->type);
	return json_pack("{s:[o, o]}", "anyOf",
			 schema_refer_type(types, row->type),
			 schema_refer_type(types, row->tdx_type));
}

/* The descriptors of statistics, each with the name that follows it. */
static void describe_stats(struct schema_types *types, json_t *properties)
{
	json_object_set_new(properties, "out", json_pack(
		"{s:s, s:{s:{s:o}, s:{s:s, s:{s:o}}}}", "type", "object",
		"properties", "header", "allOf", json_pack(
			"[o]", schema_refer_type(types,
						 &abi_type_stats_header)),
		"descriptors", "type", "array", "items", "allOf", json_pack(
			"[o, {s:{s:{s:s}}}]",
			schema_refer_type(types, &abi_type_stats_desc),
			"properties", "name", "type", "string")));
}

/* What `in` and `out` of one row look like. */
static json_t *describe_row(struct schema_types *types,
			    const struct abi_ioctl *row)
{
	json_t *properties = json_object();

	if (abi_is_run(row)) {
		describe_run(types, properties);
	} else if (abi_gives_stats(row)) {
		describe_stats(types, properties);
	} else if (row->value) {
		describe_value(types, properties, row->value);
	} else if (row->type) {
		json_object_set_new(properties, "in",
				    describe_target(types, row));
		json_object_set_new(properties, "out",
				    describe_target(types, row));
	} else {
		json_object_set_new(properties, "in",
				    schema_refer("raw_argument"));
		json_object_set_new(properties, "out",
				    schema_refer("raw_argument"));
	}
	return json_pack("{s:s?, s:o}", "description", row->operation,
			 "properties", properties);
}

/* The kinds of descriptor on which this row is the one that is meant. */
static json_t *list_roles(const struct abi_ioctl *row)
{
	json_t *roles = json_array();

	for (size_t i = 0; i < abi_role_count; i++)
		if (abi_find_ioctl(row->request, abi_roles[i].role) == row)
			json_array_append_new(roles,
					      json_string(abi_roles[i].name));
	return roles;
}

static bool is_first(const struct abi_ioctl *row)
{
	for (const struct abi_ioctl *other = abi_ioctls; other < row; other++)
		if (!strcmp(other->name, row->name))
			return false;
	return true;
}

static bool is_alone(const struct abi_ioctl *row)
{
	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (&abi_ioctls[i] != row &&
		    !strcmp(abi_ioctls[i].name, row->name))
			return false;
	return true;
}

static json_t *new_request(const struct abi_ioctl *row)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%x", row->request);
	return json_string(text);
}

/* A row of several with one name: NAME.ROLE, where cmd and on tell it apart. */
static void add_variant(struct schema_types *types, json_t *group,
			const struct abi_ioctl *row)
{
	json_t *roles = list_roles(row);
	json_t *requests = json_object_get(json_object_get(
		json_object_get(group, "properties"), "cmd"), "enum");
	char name[96];

	snprintf(name, sizeof(name), "%s.%x.%s", row->name, row->request,
		 json_string_value(json_array_get(roles, 0)));
	json_array_append_new(requests, new_request(row));
	json_object_set_new(types->definitions, name,
			    describe_row(types, row));
	json_array_append_new(json_object_get(group, "allOf"), json_pack(
		"{s:{s:{s:{s:o}, s:{s:o}}}, s:o}", "if", "properties",
		"cmd", "const", new_request(row), "on", "enum", roles,
		"then", schema_refer(name)));
}

static json_t *describe_group(struct schema_types *types,
			      const struct abi_ioctl *first)
{
	json_t *group = json_pack("{s:{s:{s:[]}}, s:[]}", "properties", "cmd",
				  "enum", "allOf");

	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (!strcmp(abi_ioctls[i].name, first->name))
			add_variant(types, group, &abi_ioctls[i]);
	return group;
}

static json_t *describe_name(struct schema_types *types,
			     const struct abi_ioctl *row)
{
	json_t *described;

	if (!is_alone(row))
		return describe_group(types, row);
	described = describe_row(types, row);
	json_object_set_new(json_object_get(described, "properties"), "cmd",
			    json_pack("{s:o}", "const", new_request(row)));
	return described;
}

static void add_ioctls(struct schema_types *types)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_ioctl *row = &abi_ioctls[i];

		if (!is_first(row))
			continue;
		json_object_set_new(types->definitions, row->name,
				    describe_name(types, row));
		json_array_append_new(rules, new_rule("name",
						      new_const(row->name),
						      row->name));
	}
	json_object_set_new(types->definitions, "ioctls",
			    json_pack("{s:o}", "allOf", rules));
}

/* Exits */

static json_t *describe_exit(struct schema_types *types,
			     const struct abi_exit *row)
{
	json_t *properties = json_pack("{s:{s:i}}", "code", "const",
				       (int)row->code);

	if (row->member && row->type) {
		json_t *body = schema_refer_type(types, row->type);

		/* Port data: event_ioctl.c adds them from data_offset. */
		if (!strcmp(row->member, "io"))
			body = json_pack("{s:[o, o]}", "allOf", body,
					 schema_refer("run_data"));
		json_object_set_new(properties, row->member, body);
	}
	return json_pack("{s:s?, s:o}", "description", row->meaning,
			 "properties", properties);
}

static void add_exits(struct schema_types *types)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < abi_exit_count; i++) {
		const struct abi_exit *row = &abi_exits[i];

		json_object_set_new(types->definitions, row->name,
				    describe_exit(types, row));
		json_array_append_new(rules, new_rule("reason",
						      new_const(row->name),
						      row->name));
	}
	json_object_set_new(types->definitions, "exits",
			    json_pack("{s:o}", "allOf", rules));
}

json_t *schema_new_timeline(void)
{
	json_t *schema = read_envelope();
	struct schema_types types = {
		.definitions = json_object_get(schema, "definitions"),
	};

	add_ioctls(&types);
	add_exits(&types);
	schema_types_done(&types);
	return schema;
}
