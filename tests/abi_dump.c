/*
 * abi_dump: the tables of abi/ as one JSON document on standard output, for
 * tests/test_abi.py, which compares them with what is known of KVM from
 * elsewhere. A field refers to a type by its place in `types`.
 */
#include "abi/abi.h"
#include "base/json_writer.h"
#include "unit/walk.h"

#define NAMES_MAX 400

static const struct abi_names *families[NAMES_MAX];
static size_t family_count;

static void add_type(struct json_writer *json, const char *key,
		     const struct abi_type *type)
{
	for (size_t i = 0; i < walk_count; i++)
		if (walks[i].type == type)
			json_add_unsigned(json, key, i);
}

static void collect_names(const struct abi_names *names)
{
	for (size_t i = 0; i < family_count; i++)
		if (families[i] == names)
			return;
	if (family_count < NAMES_MAX)
		families[family_count++] = names;
}

static bool has_names(const struct abi_field *field)
{
	return field->kind == ABI_FLAGS || field->kind == ABI_ENUM;
}

static void collect_type_names(const struct abi_type *type)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		if (has_names(&type->fields[i]))
			collect_names(type->fields[i].names);
}

static void collect_all_names(void)
{
	collect_type_names(&abi_run_in);
	collect_type_names(&abi_run_out);
	for (size_t i = 0; i < walk_count; i++)
		collect_type_names(walks[i].type);
	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (abi_ioctls[i].value && has_names(abi_ioctls[i].value))
			collect_names(abi_ioctls[i].value->names);
	for (size_t i = 0; i < abi_answer_count; i++)
		collect_names(abi_answers[i].names);
}

static void dump_arm(struct json_writer *json, const char *name,
		     const struct abi_type *type)
{
	json_begin_object(json, NULL);
	json_add_string(json, "name", name ? name : "");
	add_type(json, "type", type);
	json_end_object(json);
}

static void dump_arms(struct json_writer *json, const struct abi_arms *arms)
{
	json_begin_array(json, "arms");
	for (size_t i = 0; i < arms->count; i++)
		dump_arm(json, arms->list[i].name, arms->list[i].type);
	dump_arm(json, NULL, arms->otherwise);
	json_end_array(json);
}

static void dump_field(struct json_writer *json, const struct abi_field *field)
{
	bool is_tail = field->is_counted && !field->count;

	json_begin_object(json, NULL);
	json_add_string(json, "name", field->name);
	json_add_unsigned(json, "offset", field->offset);
	json_add_unsigned(json, "size", field->size);
	json_add_unsigned(json, "count", is_tail ? 0 : field->count);
	json_add_bool(json, "is_union", field->kind == ABI_UNION);
	json_add_bool(json, "is_pointer", field->kind >= ABI_POINTED);
	json_add_bool(json, "is_bits", field->bits != 0);
	add_type(json, "type", walk_member_type(field));
	if (walk_has_arms(field))
		dump_arms(json, field->arms);
	json_end_object(json);
}

static void dump_type(struct json_writer *json, const struct abi_type *type)
{
	json_begin_object(json, NULL);
	json_add_string(json, "name", type->name);
	json_add_unsigned(json, "size", type->size);
	json_begin_array(json, "fields");
	for (uint32_t i = 0; i < type->field_count; i++)
		dump_field(json, &type->fields[i]);
	json_end_array(json);
	json_end_object(json);
}

static void dump_ioctl(struct json_writer *json, const struct abi_ioctl *row)
{
	static const char *const flows[] = { "none", "in", "out", "inout" };

	json_begin_object(json, NULL);
	json_add_string(json, "name", row->name);
	json_add_unsigned(json, "request", row->request);
	json_add_string(json, "flow", flows[row->flow]);
	json_add_bool(json, "is_value", row->value != NULL);
	json_begin_array(json, "roles");
	for (size_t i = 0; i < abi_role_count; i++)
		if (row->roles & abi_roles[i].role)
			json_add_string(json, NULL, abi_roles[i].name);
	json_end_array(json);
	add_type(json, "type", row->type);
	json_end_object(json);
}

static void dump_exit(struct json_writer *json, const struct abi_exit *row)
{
	json_begin_object(json, NULL);
	json_add_string(json, "name", row->name);
	json_add_unsigned(json, "code", row->code);
	if (row->member)
		json_add_string(json, "member", row->member);
	add_type(json, "type", row->type);
	json_end_object(json);
}

static void dump_names(struct json_writer *json, const struct abi_names *names)
{
	json_begin_object(json, NULL);
	json_add_string(json, "family", names->family);
	json_begin_array(json, "list");
	for (size_t i = 0; i < names->count; i++) {
		json_begin_array(json, NULL);
		json_add_string(json, NULL, names->list[i].name);
		json_add_unsigned(json, NULL, names->list[i].value);
		json_end_array(json);
	}
	json_end_array(json);
	json_end_object(json);
}

static void dump_lists(struct json_writer *json)
{
	json_begin_array(json, "ioctls");
	for (size_t i = 0; i < abi_ioctl_count; i++)
		dump_ioctl(json, &abi_ioctls[i]);
	json_end_array(json);
	json_begin_array(json, "exits");
	for (size_t i = 0; i < abi_exit_count; i++)
		dump_exit(json, &abi_exits[i]);
	json_end_array(json);
	json_begin_array(json, "types");
	for (size_t i = 0; i < walk_count; i++)
		dump_type(json, walks[i].type);
	json_end_array(json);
	json_begin_array(json, "run");
	dump_type(json, &abi_run_in);
	dump_type(json, &abi_run_out);
	json_end_array(json);
	json_begin_array(json, "names");
	for (size_t i = 0; i < family_count; i++)
		dump_names(json, families[i]);
	json_end_array(json);
}

int main(void)
{
	struct buffer out = { 0 };
	struct json_writer json = json_writer_on(&out);

	walk_collect_all();
	collect_all_names();
	json_begin_object(&json, NULL);
	dump_lists(&json);
	json_end_object(&json);
	fwrite(out.data, 1, out.length, stdout);
	putchar('\n');
	buffer_free(&out);
	return 0;
}
