/* Decoded values, as the format wants them; copies that are cut, counts that lie. */
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

static struct buffer out;
static struct record record;

static int tear_down(void **state)
{
	(void)state;
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

static json_t *parse(void)
{
	json_error_t error;
	json_t *value = json_loadb(out.data, out.length,
				   JSON_REJECT_DUPLICATES, &error);

	if (!value)
		fail_msg("%s in %.*s", error.text, (int)out.length, out.data);
	return value;
}

static const char *text_of(const char *key)
{
	static char text[200];
	json_t *value = parse();
	char *dumped = json_dumps(json_object_get(value, key),
				  JSON_ENCODE_ANY | JSON_COMPACT |
				  JSON_ENSURE_ASCII);

	snprintf(text, sizeof(text), "%s", dumped ? dumped : "absent");
	free(dumped);
	json_decref(value);
	return text;
}

static const struct abi_name bit_list[] = {
	{ .value = 1, .name = "ONE" },
	{ .value = 0x30, .name = "BOTH", .mask = 0x30 },
	{ .value = 0x10, .name = "LOW", .mask = 0x30 },
	{ .value = 0, .name = "NONE" },
};
static ABI_NAMES(bits, "BITS", bit_list);

static void write_flags(uint64_t value, size_t size)
{
	struct json_writer json = begin();

	json_begin_object(&json, NULL);
	decode_flags(&json, "flags", &bits, value, size);
	json_end_object(&json);
}

static void test_flags(void **state)
{
	(void)state;
	write_flags(0, 4);
	assert_string_equal(text_of("flags_names"), "[]");
	write_flags(0x31, 4);
	assert_string_equal(text_of("flags"), "49");
	assert_string_equal(text_of("flags_names"), "[\"ONE\",\"BOTH\"]");
	write_flags(0x10, 8);
	assert_string_equal(text_of("flags"), "\"0x10\"");
	assert_string_equal(text_of("flags_names"), "[\"LOW\"]");
	write_flags(0x8000000000000021, 8);
	assert_string_equal(text_of("flags_names"),
			    "[\"ONE\",\"0x8000000000000020\"]");
}

/* Bits of a number among the flags are no flags without a name. */
static void test_flags_around_a_number(void **state)
{
	static ABI_NAMES_AROUND(around, "AROUND", bit_list, 0xff00);
	struct json_writer json = begin();

	(void)state;
	json_begin_object(&json, NULL);
	decode_flags(&json, "flags", &around, 0x13401, 4);
	json_end_object(&json);
	assert_string_equal(text_of("flags"), "78849");
	assert_string_equal(text_of("flags_names"), "[\"ONE\",\"0x10000\"]");
}

static void write_enum(uint64_t value)
{
	struct json_writer json = begin();

	json_begin_object(&json, NULL);
	decode_enum(&json, "kind", &bits, value, 4);
	json_end_object(&json);
}

static void test_enums(void **state)
{
	(void)state;
	write_enum(1);
	assert_string_equal(text_of("kind"), "1");
	assert_string_equal(text_of("kind_name"), "\"ONE\"");
	write_enum(77);
	assert_string_equal(text_of("kind"), "77");
	assert_string_equal(text_of("kind_name"), "absent");
}

static void write_bytes(const char *bytes, size_t length)
{
	struct json_writer json = begin();

	json_begin_object(&json, NULL);
	decode_bytes(&json, "data", (const uint8_t *)bytes, length);
	json_end_object(&json);
}

static void test_bytes(void **state)
{
	(void)state;
	write_bytes("Hi!", 3);
	assert_string_equal(text_of("data_hex"), "\"486921\"");
	assert_string_equal(text_of("text"), "\"Hi!\"");
	write_bytes("a\0b", 3);
	assert_string_equal(text_of("text"), "absent");
	write_bytes("\x1b[2J", 4);
	assert_string_equal(text_of("text"), "absent");
	write_bytes("\xe9", 1);
	assert_string_equal(text_of("text"), "absent");
	write_bytes("", 0);
	assert_string_equal(text_of("data_hex"), "\"\"");
	assert_string_equal(text_of("text"), "absent");
}

static void test_sregs(void **state)
{
	struct kvm_sregs sregs = {
		.cs = { .base = 1ull << 63, .limit = UINT32_MAX, .l = 1 },
		.cr0 = 0x80050033, .efer = 0x500,
		.interrupt_bitmap = { 1, 0, 0, 1ull << 63 },
	};
	const struct decode_source source = {
		.bytes = (const uint8_t *)&sregs, .length = sizeof(sregs) };
	struct json_writer json = begin();

	(void)state;
	json_begin_object(&json, NULL);
	decode_members(&json, abi_find_ioctl(KVM_SET_SREGS, ROLE_VCPU)->type,
		       &source);
	json_end_object(&json);
	assert_string_equal(text_of("cr0"), "\"0x80050033\"");
	assert_string_equal(text_of("efer_names"), "[\"LME\",\"LMA\"]");
	assert_string_equal(text_of("interrupt_bitmap"),
			    "[\"0x1\",\"0x0\",\"0x0\",\"0x8000000000000000\"]");
	assert_non_null(strstr(text_of("cs"),
			       "\"base\":\"0x8000000000000000\","
			       "\"limit\":4294967295"));
	assert_null(strstr(text_of("cs"), "padding"));
}

/* What is cut off is left out, and nothing else. */
static void test_cut_structure(void **state)
{
	struct kvm_regs regs = { .rax = 1, .rbx = 2, .rcx = 3 };
	const struct decode_source source = {
		.bytes = (const uint8_t *)&regs, .length = 23 };
	struct json_writer json = begin();

	(void)state;
	json_begin_object(&json, NULL);
	decode_members(&json, abi_find_ioctl(KVM_GET_REGS, ROLE_VCPU)->type,
		       &source);
	json_end_object(&json);
	assert_string_equal(buffer_string(&out),
			    "{\"rax\":\"0x1\",\"rbx\":\"0x2\"}");
}

static void decode_cpuid(uint32_t nent, size_t held)
{
	const struct abi_ioctl *row = abi_find_ioctl(KVM_SET_CPUID2,
						     ROLE_VCPU);
	struct record_part *part;
	struct json_writer json;

	record_reset(&record, RECORD_IOCTL);
	record.request = row->request;
	part = record_add_part(&record, PART_ARGUMENT, PHASE_BEFORE, 0,
			       (uint32_t)(8 + held));
	memset(record.bytes.data + part->offset, 0, 8 + held);
	memcpy(record.bytes.data + part->offset, &nent, 4);
	json = begin();
	json_begin_object(&json, NULL);
	decode_argument(&json, &record, row, row->type,
			PHASE_BEFORE);
	json_end_object(&json);
}

static size_t count_entries(void)
{
	json_t *value = parse();
	json_t *entries = json_object_get(json_object_get(value, "in"),
					  "entries");
	size_t count = json_array_size(entries);

	assert_true(json_is_array(entries));
	json_decref(value);
	return count;
}

/* Each count is hostile: no more elements than the copy holds. */
static void test_counts_that_lie(void **state)
{
	const size_t size = sizeof(struct kvm_cpuid_entry2);

	(void)state;
	decode_cpuid(2, 2 * size);
	assert_int_equal(count_entries(), 2);
	decode_cpuid(1, 2 * size);
	assert_int_equal(count_entries(), 1);
	decode_cpuid(0xffffffff, 2 * size);
	assert_int_equal(count_entries(), 2);
	decode_cpuid(0xffffffff, 2 * size + 5);
	assert_int_equal(count_entries(), 2);
	decode_cpuid(0, 0);
	assert_int_equal(count_entries(), 0);
}

static void write_value(uint32_t request, uint8_t role, uint64_t argument)
{
	const struct abi_ioctl *row = abi_find_ioctl(request, role);
	struct json_writer json;

	record_reset(&record, RECORD_IOCTL);
	record.request = request;
	record.argument = argument;
	json = begin();
	json_begin_object(&json, NULL);
	decode_argument(&json, &record, row, row->type,
			PHASE_BEFORE);
	decode_argument(&json, &record, row, row->type,
			PHASE_AFTER);
	json_end_object(&json);
}

static void test_values(void **state)
{
	(void)state;
	write_value(KVM_CREATE_VCPU, ROLE_VM, 3);
	assert_string_equal(text_of("in"), "{\"vcpu_id\":3}");
	write_value(KVM_CHECK_EXTENSION, ROLE_SYSTEM, KVM_CAP_USER_MEMORY);
	assert_string_equal(text_of("in"), "{\"cap\":3,\"cap_name\":"
					   "\"KVM_CAP_USER_MEMORY\"}");
	write_value(KVM_CREATE_VCPU, ROLE_VM, 0x100000003);
	assert_string_equal(text_of("in"), "{\"vcpu_id\":\"0x100000003\"}");
	write_value(KVM_GET_API_VERSION, ROLE_SYSTEM, 0);
	assert_string_equal(text_of("in"), "absent");
}

/* A request without a row: its direction and its bytes. */
static void test_unknown_request(void **state)
{
	struct json_writer json;

	(void)state;
	record_reset(&record, RECORD_IOCTL);
	record.request = 0x4008aefe;
	memcpy(record.bytes.data + record_add_part(
		&record, PART_ARGUMENT, PHASE_BEFORE, 0, 8)->offset,
		"\1\2\3\4\5\6\7\10", 8);
	json = begin();
	json_begin_object(&json, NULL);
	decode_argument(&json, &record, NULL, NULL, PHASE_BEFORE);
	json_end_object(&json);
	assert_string_equal(text_of("in"),
			    "{\"direction\":\"write\",\"size\":8,"
			    "\"bytes_hex\":\"0102030405060708\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_flags_around_a_number),
		cmocka_unit_test(test_enums),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_sregs),
		cmocka_unit_test(test_cut_structure),
		cmocka_unit_test(test_counts_that_lie),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_unknown_request),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}
