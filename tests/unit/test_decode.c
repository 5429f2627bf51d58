/*
 * The walker over every structure of the tables: filled with patterns, cut at
 * every length, with counts that lie. What comes out must be JSON without a
 * key twice, and keep the schema that is printed from the same rows.
 */
#include <linux/kvm.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "decode/decode.h"
#include "schema/json_schema.h"
#include "schema/schema.h"

/* Room for the largest structure and a counted tail behind it. */
#define TAIL_BYTES 4096
#define CUTS_MAX 700
#define TARGET_BYTES 200

static struct json_schema *schema;
static json_t *schema_root;
static struct buffer out;
static struct record record;

static int set_up(void **state)
{
	(void)state;
	schema_root = schema_new_timeline();
	schema = json_schema_new(schema_root);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	json_schema_free(schema);
	json_decref(schema_root);
	buffer_free(&out);
	record_free(&record);
	return 0;
}

/* A writer on the emptied buffer. */
static struct json_writer begin(void)
{
	buffer_reset(&out);
	return json_writer_on(&out);
}

static json_t *parse(const char *what)
{
	json_error_t error;
	json_t *value = json_loadb(out.data, out.length,
				   JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
				   &error);

	if (!value)
		fail_msg("%s: %s in %.*s", what, error.text,
			 out.length < 2000 ? (int)out.length : 2000, out.data);
	return value;
}

static void report(void *context, const struct json_problem *problem)
{
	print_error("%s: %s %s\n", (const char *)context, problem->pointer,
		    problem->expected);
}

/* A byte that differs from its neighbours, or zeros, or ones. */
static uint8_t pattern_at(unsigned int pattern, size_t i)
{
	switch (pattern) {
	case 0:
		return 0;
	case 1:
		return 0xff;
	case 2:
		return (uint8_t)(i * 37 + 11);
	default:
		/* Small numbers in each word: tags and counts that fit. */
		return i % 4 ? 0 : (uint8_t)(pattern - 3);
	}
}

#define PATTERNS 12

/* The argument's line as decode_argument() writes it, in an object. */
static json_t *decode_row(const struct abi_ioctl *row,
			  enum record_phase phase)
{
	struct json_writer json = begin();

	json_begin_object(&json, NULL);
	json_add_string(&json, "name", row->name);
	json_add_hex(&json, "cmd", row->request);
	decode_argument(&json, &record, row, row->type,
			phase);
	json_end_object(&json);
	return parse(row->name);
}

static void fill_part(const struct record_part *part, unsigned int pattern)
{
	for (uint32_t i = 0; i < part->length; i++)
		record.bytes.data[part->offset + i] =
			(char)pattern_at(pattern, i);
}

/* Each pointer of the structure has a target. */
static void fill_targets(const struct abi_type *type, enum record_phase phase,
			 unsigned int pattern)
{
	for (uint32_t i = 0; type && i < type->field_count; i++)
		if (type->fields[i].kind >= ABI_POINTED)
			fill_part(record_add_part(&record, PART_POINTED, phase,
						  type->fields[i].offset,
						  TARGET_BYTES), pattern);
}

static void fill_argument(const struct abi_ioctl *row, enum record_phase phase,
			  uint32_t length, unsigned int pattern)
{
	record_reset(&record, RECORD_IOCTL);
	record.request = row->request;
	record.argument = 0x7fff12345678;
	fill_part(record_add_part(&record, PART_ARGUMENT, phase, 0, length),
		  pattern);
	fill_targets(row->type, phase, pattern);
}

static void try_argument(const struct abi_ioctl *row, uint32_t length,
			 unsigned int pattern)
{
	for (int phase = PHASE_BEFORE; phase <= PHASE_AFTER; phase++) {
		json_t *line;

		fill_argument(row, (enum record_phase)phase, length, pattern);
		line = decode_row(row, (enum record_phase)phase);
		assert_int_equal(json_schema_check_definition(
			schema, row->name, line, report, (void *)row->name),
			0);
		json_decref(line);
	}
}

static void test_every_row_with_every_pattern(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_ioctl *row = &abi_ioctls[i];
		uint32_t size = row->type ? row->type->size : 24;

		for (unsigned int pattern = 0; pattern < PATTERNS; pattern++) {
			try_argument(row, size, pattern);
			try_argument(row, size + TAIL_BYTES, pattern);
		}
	}
}

/* Unreadable memory cuts a structure anywhere. */
static void test_every_row_cut_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_ioctl *row = &abi_ioctls[i];
		uint32_t size = row->type ? row->type->size + 64 : 24;
		uint32_t step = size / CUTS_MAX + 1;

		for (uint32_t cut = 0; cut < size; cut += step) {
			try_argument(row, cut, 1);
			try_argument(row, cut, 2);
		}
	}
}

/* A copy of exactly `length` bytes, so that a sanitizer sees a step beyond. */
static json_t *decode_exactly(const struct abi_type *type, uint32_t length,
			      unsigned int pattern)
{
	uint8_t *bytes = malloc(length ? length : 1);
	const struct decode_source source = { .bytes = bytes,
					      .length = length };
	struct json_writer json = begin();

	assert_non_null(bytes);
	for (uint32_t i = 0; i < length; i++)
		bytes[i] = pattern_at(pattern, i);
	json_begin_object(&json, NULL);
	decode_members(&json, type, &source);
	json_end_object(&json);
	free(bytes);
	return parse(type->name);
}

static void test_nothing_beyond_the_copy_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_type *type = abi_ioctls[i].type;

		for (uint32_t cut = 0; type && cut <= type->size &&
				       cut < CUTS_MAX; cut++)
			json_decref(decode_exactly(type, cut, 1));
	}
}

static void check_exit(const struct abi_exit *row, unsigned int pattern)
{
	json_t *body = decode_exactly(row->type, ABI_RUN_BYTES, pattern);
	json_t *exit_object = json_pack("{s:s, s:i, s:o}", "reason", row->name,
					"code", (int)row->code, row->member,
					body);

	assert_non_null(exit_object);
	assert_int_equal(json_schema_check_definition(
		schema, row->name, exit_object, report, (void *)row->name), 0);
	json_decref(exit_object);
}

static void test_every_exit(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_exit_count; i++) {
		const struct abi_exit *row = &abi_exits[i];

		for (unsigned int pattern = 0; row->type && pattern < PATTERNS;
		     pattern++)
			check_exit(row, pattern);
		for (uint32_t cut = 0; row->type && cut < ABI_RUN_BYTES;
		     cut++)
			json_decref(decode_exactly(row->type, cut, 1));
	}
}

/* Is every key of the value in the definition, or in what it refers to? */
static bool declares(const json_t *node, const char *key)
{
	const char *ref = json_string_value(json_object_get(node, "$ref"));
	const char *list;
	size_t index;
	json_t *member;

	if (ref)
		return declares(json_object_get(json_object_get(
			schema_root, "definitions"), strrchr(ref, '/') + 1),
			key);
	if (json_object_get(json_object_get(node, "properties"), key))
		return true;
	list = json_object_get(node, "allOf") ? "allOf" : "anyOf";
	json_array_foreach(json_object_get(node, list), index, member)
		if (declares(member, key))
			return true;
	return false;
}

static const json_t *find_definition(const char *name)
{
	return json_object_get(json_object_get(schema_root, "definitions"),
			       name);
}

static const json_t *find_property(const json_t *definition, const char *key)
{
	return json_object_get(json_object_get(definition, "properties"), key);
}

static void assert_declared(const char *what, const json_t *definition,
			    json_t *value)
{
	const char *key;
	json_t *member;

	json_object_foreach(value, key, member)
		if (!declares(definition, key))
			fail_msg("%s has the key %s, and the schema not",
				 what, key);
}

static void test_every_key_of_exits_is_in_the_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_exit_count; i++) {
		const struct abi_exit *row = &abi_exits[i];

		for (unsigned int pattern = 0; row->type && pattern < PATTERNS;
		     pattern++) {
			json_t *body = decode_exactly(row->type,
						      ABI_RUN_BYTES,
						      pattern);

			assert_declared(row->name, find_property(
				find_definition(row->name), row->member), body);
			json_decref(body);
		}
	}
}

/* Of a name with several rows: schema.c calls each NAME.REQUEST.ROLE. */
static const json_t *find_row_definition(const struct abi_ioctl *row)
{
	const json_t *definition = find_definition(row->name);
	char name[96];

	for (size_t i = 0; i < abi_role_count; i++) {
		if (find_property(definition, "in") ||
		    find_property(definition, "out"))
			return definition;
		snprintf(name, sizeof(name), "%s.%x.%s", row->name,
			 row->request, abi_roles[i].name);
		if (abi_find_ioctl(row->request, abi_roles[i].role) == row)
			definition = find_definition(name);
	}
	return definition;
}

static void test_every_key_of_ioctls_is_in_the_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_ioctl *row = &abi_ioctls[i];
		const json_t *definition = find_row_definition(row);

		assert_non_null(definition);
		for (unsigned int pattern = 0; row->type && pattern < PATTERNS;
		     pattern++) {
			json_t *line;

			fill_argument(row, PHASE_BEFORE, row->type->size +
				      TAIL_BYTES, pattern);
			line = decode_row(row, PHASE_BEFORE);
			assert_declared(row->name,
					find_property(definition, "in"),
					json_object_get(line, "in"));
			json_decref(line);
		}
	}
}

/* KVM_SET_ONE_REG by an id that says `size`; the object `in`. */
static json_t *decode_register(uint64_t size, uint32_t bytes)
{
	const struct abi_ioctl *row = abi_find_ioctl(KVM_SET_ONE_REG,
						     ROLE_VCPU);
	const struct kvm_one_reg reg = { .id = KVM_REG_X86 | size };
	struct record_part *part;
	json_t *line, *in;

	record_reset(&record, RECORD_IOCTL);
	record.request = KVM_SET_ONE_REG;
	part = record_add_part(&record, PART_ARGUMENT, PHASE_BEFORE, 0,
			       sizeof(reg));
	memcpy(record.bytes.data + part->offset, &reg, sizeof(reg));
	fill_part(record_add_part(&record, PART_POINTED, PHASE_BEFORE,
				  offsetof(struct kvm_one_reg, addr), bytes),
		  1);
	line = decode_row(row, PHASE_BEFORE);
	in = json_incref(json_object_get(line, "in"));
	json_decref(line);
	return in;
}

/* Registers of another size than 64 bits are bytes, not their first word. */
static void test_registers_by_size(void **state)
{
	static const struct {
		uint64_t size;
		uint32_t bytes;
		const char *hex;	/* NULL: a number of 64 bits */
	} rows[] = {
		{ KVM_REG_SIZE_U32, 4, "ffffffff" },
		{ KVM_REG_SIZE_U64, 8, NULL },
		{ KVM_REG_SIZE_U128, 16, "ffffffffffffffffffffffffffffffff" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *in = decode_register(rows[i].size, rows[i].bytes);
		json_t *data = json_object_get(in, "addr_data");
		const char *hex = json_string_value(
			json_object_get(in, "addr_hex"));

		if (rows[i].hex)
			assert_string_equal(hex ? hex : "none", rows[i].hex);
		assert_int_equal(!data, rows[i].hex != NULL);
		json_decref(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_with_every_pattern),
		cmocka_unit_test(test_every_row_cut_short),
		cmocka_unit_test(test_nothing_beyond_the_copy_is_read),
		cmocka_unit_test(test_every_exit),
		cmocka_unit_test(test_every_key_of_exits_is_in_the_schema),
		cmocka_unit_test(test_every_key_of_ioctls_is_in_the_schema),
		cmocka_unit_test(test_registers_by_size),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
