/*
 * The structures of the tables: described to the last byte, lengths and tags
 * that are there. All problems are printed, then the test fails.
 */
#include <linux/kvm.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "abi/abi.h"
#include "problems.h"
#include "walk.h"

/* Keys with their suffixes have to fit into decode.c's buffer. */
#define NAME_MAX_LENGTH 64

static int collect_all(void **state)
{
	(void)state;
	walk_collect_all();
	return 0;
}

static uint32_t bytes_of(const struct abi_field *field)
{
	return (uint32_t)field->size * field->count;
}

static bool is_tail(const struct abi_field *field)
{
	return field->is_counted && !field->count;
}

/* The compiler's padding behind an exit's last member: nobody clears it. */
static bool is_left_over(const struct walk *walk, uint32_t end)
{
	return walk->start && end < walk->type->size &&
	       walk->type->size - end < 8;
}

static void walk_layout(const struct walk *walk)
{
	const struct abi_type *type = walk->type;
	uint32_t end = walk->start, last = walk->start;

	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (field->is_view)
			continue;
		/* The parts of a bit field share their bytes. */
		if (field->bits && field->offset == last && end > last)
			continue;
		if (field->offset > end)
			problem("%s: nothing says what bytes %u to %u are, "
				"before %s", type->name, end,
				field->offset - 1, field->name);
		if (field->offset < end)
			problem("%s: %s overlaps what stands before it",
				type->name, field->name);
		last = field->offset;
		end = field->offset + bytes_of(field);
	}
	if (end != type->size && !is_left_over(walk, end))
		problem("%s: the rows end at byte %u of %u", type->name, end,
			type->size);
}

static void test_no_gaps(void **state)
{
	(void)state;
	assert_true(walk_count > 30);
	for (size_t i = 0; i < walk_count; i++)
		walk_layout(&walks[i]);
	assert_int_equal(problems, 0);
}

static void check_kind(const struct abi_type *type,
		       const struct abi_field *field)
{
	switch (field->kind) {
	case ABI_FLAGS:
	case ABI_ENUM:
		if (!field->names || !field->names->count)
			problem("%s.%s has no names", type->name, field->name);
		return;
	case ABI_STRUCT:
		if (!field->type || field->type->size != field->size)
			problem("%s.%s is not of its type's size", type->name,
				field->name);
		return;
	case ABI_UNION:
	case ABI_POINTED_UNION:
		if (!field->arms)
			problem("%s.%s has no arms", type->name, field->name);
		return;
	}
}

static bool is_number_size(uint32_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static bool is_number(const struct abi_field *field)
{
	return field->kind <= ABI_ENUM;
}

static void check_field(const struct abi_type *type,
			const struct abi_field *field)
{
	if (!field->name || !*field->name ||
	    strlen(field->name) > NAME_MAX_LENGTH ||
	    strspn(field->name, "abcdefghijklmnopqrstuvwxyz0123456789_"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen(field->name)) {
		problem("%s has a field without a good name", type->name);
		return;
	}
	if (is_number(field) && !is_number_size(field->size))
		problem("%s.%s is a number of %u bytes", type->name,
			field->name, field->size);
	if (!field->size || (!field->count && !field->is_counted))
		problem("%s.%s has no size", type->name, field->name);
	if (!is_tail(field) && field->offset + bytes_of(field) > type->size)
		problem("%s.%s lies outside", type->name, field->name);
	if (field->bits && field->bit + field->bits > 8 * field->size)
		problem("%s.%s has bits outside of it", type->name,
			field->name);
	check_kind(type, field);
}

static void test_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < walk_count; i++)
		for (uint32_t j = 0; j < walks[i].type->field_count; j++)
			check_field(walks[i].type,
				    &walks[i].type->fields[j]);
	assert_int_equal(problems, 0);
}

/* Is there a member of this size at this offset? */
static bool has_member(const struct abi_type *type, uint32_t offset,
		       uint32_t size)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		if (type->fields[i].offset == offset &&
		    type->fields[i].size == size && !is_tail(&type->fields[i]))
			return true;
	return false;
}

static bool has_length(const struct abi_field *field)
{
	return field->is_counted || field->kind == ABI_POINTED ||
	       field->kind == ABI_POINTED_UNION ||
	       field->kind == ABI_POINTED_BITS;
}

static void test_lengths_are_members(void **state)
{
	(void)state;
	for (size_t i = 0; i < walk_count; i++) {
		const struct abi_type *type = walks[i].type;

		for (uint32_t j = 0; j < type->field_count; j++) {
			const struct abi_field *field = &type->fields[j];
			const struct abi_length *length = &field->length;

			if (has_length(field) && length->size &&
			    !has_member(type, length->offset, length->size))
				problem("%s.%s: its length is no member",
					type->name, field->name);
			if (is_tail(field) && j + 1 != type->field_count &&
			    !type->fields[j + 1].is_view)
				problem("%s.%s: a tail before other members",
					type->name, field->name);
		}
	}
	assert_int_equal(problems, 0);
}

static void check_arms(const struct abi_type *type,
		       const struct abi_field *field)
{
	const struct abi_arms *arms = field->arms;

	if (arms->tag_offset + arms->tag_size > type->size &&
	    field->kind == ABI_UNION)
		problem("%s.%s: its tag lies outside", type->name,
			field->name);
	for (size_t i = 0; i < arms->count; i++) {
		const struct abi_arm *arm = &arms->list[i];

		if (arm->type && field->kind == ABI_UNION &&
		    arm->type->size > bytes_of(field))
			problem("%s.%s: arm %s is larger than the union",
				type->name, field->name, arm->type->name);
		for (size_t j = 0; j < i; j++)
			if (arms->list[j].value == arm->value)
				problem("%s.%s: two arms for %llu", type->name,
					field->name,
					(unsigned long long)arm->value);
	}
}

static void test_arms(void **state)
{
	(void)state;
	for (size_t i = 0; i < walk_count; i++) {
		const struct abi_type *type = walks[i].type;

		for (uint32_t j = 0; j < type->field_count; j++)
			if (type->fields[j].kind == ABI_UNION ||
			    type->fields[j].kind == ABI_POINTED_UNION)
				check_arms(type, &type->fields[j]);
	}
	assert_int_equal(problems, 0);
}

static bool is_plain(const char *text)
{
	if (!text || !*text)
		return false;
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e || *text == '"')
			return false;
	return true;
}

/* Names that a reader sees: printable, no value named twice. */
static void check_names(const struct abi_type *type,
			const struct abi_field *field)
{
	const struct abi_names *names = field->names;

	for (size_t i = 0; i < names->count; i++) {
		if (!is_plain(names->list[i].name))
			problem("%s: a name in %s", type->name,
				names->family);
		for (size_t j = 0; j < i; j++)
			if (names->list[j].value == names->list[i].value &&
			    names->list[j].mask == names->list[i].mask)
				problem("%s: %s and %s are the same value",
					names->family, names->list[j].name,
					names->list[i].name);
	}
}

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < walk_count; i++) {
		const struct abi_type *type = walks[i].type;

		for (uint32_t j = 0; j < type->field_count; j++)
			if (type->fields[j].kind == ABI_FLAGS ||
			    type->fields[j].kind == ABI_ENUM)
				check_names(type, &type->fields[j]);
	}
	assert_int_equal(problems, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, forget_problems)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_gaps), TEST(test_fields),
		TEST(test_lengths_are_members), TEST(test_arms),
		TEST(test_names),
	};

	return cmocka_run_group_tests(tests, collect_all, NULL);
}
