/* The JSON writer: what it writes is ASCII, one line, and says what was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/json_writer.h"

static struct buffer out;

static struct json_writer begin(void)
{
	buffer_reset(&out);
	return json_writer_on(&out);
}

static int release(void **state)
{
	(void)state;
	buffer_free(&out);
	return 0;
}

static void test_nesting(void **state)
{
	struct json_writer json = begin();

	(void)state;
	json_begin_object(&json, NULL);
	json_begin_array(&json, "a");
	json_end_array(&json);
	json_begin_array(&json, "b");
	json_add_signed(&json, NULL, 1);
	json_begin_object(&json, NULL);
	json_end_object(&json);
	json_begin_array(&json, NULL);
	json_add_bool(&json, NULL, true);
	json_end_array(&json);
	json_add_bool(&json, NULL, false);
	json_end_array(&json);
	json_begin_object(&json, "c");
	json_add_string(&json, "d", "e");
	json_end_object(&json);
	json_end_object(&json);
	assert_string_equal(buffer_string(&out),
			    "{\"a\":[],\"b\":[1,{},[true],false],"
			    "\"c\":{\"d\":\"e\"}}");
}

static void test_numbers(void **state)
{
	struct json_writer json = begin();

	(void)state;
	json_begin_array(&json, NULL);
	json_add_signed(&json, NULL, INT64_MIN);
	json_add_signed(&json, NULL, -1);
	json_add_signed(&json, NULL, 0);
	json_add_unsigned(&json, NULL, UINT64_MAX);
	json_add_hex(&json, NULL, 0);
	json_add_hex(&json, NULL, 0xabcdef0123456789);
	json_add_hex(&json, NULL, UINT64_MAX);
	json_end_array(&json);
	assert_string_equal(buffer_string(&out),
			    "[-9223372036854775808,-1,0,18446744073709551615,"
			    "\"0x0\",\"0xabcdef0123456789\","
			    "\"0xffffffffffffffff\"]");
}

static void assert_text(const char *text, size_t length, const char *wanted)
{
	struct json_writer json = begin();

	json_add_text(&json, NULL, text, length);
	assert_string_equal(buffer_string(&out), wanted);
	json = begin();
	if (strlen(text) != length)
		return;
	json_add_string(&json, NULL, text);
	assert_string_equal(buffer_string(&out), wanted);
}

#define ASSERT_TEXT(text, wanted) \
	assert_text((text), sizeof(text) - 1, "\"" wanted "\"")

static void test_escapes(void **state)
{
	(void)state;
	ASSERT_TEXT("", "");
	ASSERT_TEXT("plain /text~", "plain /text~");
	ASSERT_TEXT("a\"b\\c", "a\\\"b\\\\c");
	ASSERT_TEXT("\n\r\t", "\\n\\r\\t");
	ASSERT_TEXT("\b\f\x01\x1f\x7f", "\\u0008\\u000c\\u0001\\u001f\\u007f");
	ASSERT_TEXT("a\0b", "a\\u0000b");
}

static void test_utf8(void **state)
{
	(void)state;
	ASSERT_TEXT("\xc2\x80\xdf\xbf", "\\u0080\\u07ff");
	ASSERT_TEXT("\xe0\xa0\x80\xef\xbf\xbf", "\\u0800\\uffff");
	ASSERT_TEXT("\xed\x9f\xbf\xee\x80\x80", "\\ud7ff\\ue000");
	ASSERT_TEXT("\xf0\x90\x80\x80", "\\ud800\\udc00");
	ASSERT_TEXT("\xf4\x8f\xbf\xbf", "\\udbff\\udfff");
}

/* RFC 3629: overlong forms, surrogates and what lies above U+10FFFF. */
static const char *const invalid[] = {
	"\x80", "\xbf", "\xff", "\xfe", "\xc0\x80", "\xc1\xbf", "\xc3",
	"\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80",
	"\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
	"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",
	"\xf0\x9f\x98", "a\xc3z", "\xc3\xc3",
};

static void test_invalid_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		struct json_writer json = begin();
		json_error_t error;
		json_t *value;

		assert_false(json_is_utf8(invalid[i], strlen(invalid[i])));
		json_add_string(&json, NULL, invalid[i]);
		for (size_t j = 0; j < out.length; j++)
			assert_in_range(out.data[j], 0x20, 0x7e);
		assert_non_null(strstr(buffer_string(&out), "\\ufffd"));
		value = json_loadb(out.data, out.length, JSON_DECODE_ANY,
				   &error);
		assert_non_null(value);
		json_decref(value);
	}
	ASSERT_TEXT("a\xc3z", "a\\ufffdz");
}

/* A cut sequence must not be read past the end of the text. */
static void test_utf8_cut_by_the_length(void **state)
{
	(void)state;
	assert_text("\xe2\x82\xac", 2, "\"\\ufffd\\ufffd\"");
	assert_true(json_is_utf8("\xe2\x82\xac", 3));
	assert_false(json_is_utf8("\xe2\x82\xac", 2));
	assert_true(json_is_utf8("", 0));
}

static void test_latin1_loses_nothing(void **state)
{
	struct json_writer json = begin();
	unsigned char bytes[256];
	json_error_t error;
	json_t *value;
	size_t length = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	json_add_latin1(&json, NULL, bytes, sizeof(bytes));
	for (size_t i = 0; i < out.length; i++)
		assert_in_range(out.data[i], 0x20, 0x7e);
	value = json_loadb(out.data, out.length,
			   JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	assert_non_null(value);
	/* jansson gives UTF-8: one byte below 0x80, two above. */
	for (unsigned int i = 0; i < 256; i++) {
		const unsigned char *text = (const unsigned char *)
			json_string_value(value) + length;
		unsigned int point = text[0] < 0x80 ? text[0] :
			(text[0] & 0x1fu) << 6 | (text[1] & 0x3fu);

		assert_int_equal(point, i);
		length += text[0] < 0x80 ? 1 : 2;
	}
	assert_int_equal(length, json_string_length(value));
	json_decref(value);
}

static void test_hex_bytes(void **state)
{
	static const unsigned char bytes[] = { 0x00, 0x7f, 0x80, 0xff, 0xa5 };
	struct json_writer json = begin();

	(void)state;
	json_begin_object(&json, NULL);
	json_add_hex_bytes(&json, "a_hex", bytes, sizeof(bytes));
	json_add_hex_bytes(&json, "b_hex", bytes, 0);
	json_end_object(&json);
	assert_string_equal(buffer_string(&out),
			    "{\"a_hex\":\"007f80ffa5\",\"b_hex\":\"\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_invalid_utf8),
		cmocka_unit_test(test_utf8_cut_by_the_length),
		cmocka_unit_test(test_latin1_loses_nothing),
		cmocka_unit_test(test_hex_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
