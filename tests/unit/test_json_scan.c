/* JSON read where it lies: what is JSON, and what its strings say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "compare/json_scan.h"

static const char *check(const char *text, size_t length, size_t *ret_members)
{
	struct buffer members = BUFFER_EMPTY;
	/* Exactly as long as it is: reading on is an error that ASan sees. */
	char *copy = malloc(length ? length : 1);
	const char *why;
	size_t at;

	assert_non_null(copy);
	memcpy(copy, text, length);
	why = json_scan_check(copy, length, &members, &at);
	*ret_members = members.length / sizeof(struct json_member);
	buffer_free(&members);
	free(copy);
	return why;
}

static void test_jansson_agrees(void **state)
{
	static const char *const texts[] = {
		"{}", " {} ", "{\"a\":1}", "{\"a\":[],\"b\":{}}", "{\"a\":-0}",
		"{\"a\":1.5e+9}", "{\"a\":true,\"b\":false,\"c\":null}",
		"{\"a\":\"\\u00e9\\n\\/\"}", "{\"a\":\"\xc3\xa9\"}",
		"{\"a\":[1,[2,[3]]]}", "\t{\r\n\"a\" : [ 1 , 2 ] }",
		"", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
		"{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}",
		"{\"a\":1e}", "{\"a\":tru}", "{\"a\":\"}", "{\"a\":\"\\x\"}",
		"{\"a\":\"\\u12g4\"}", "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}",
		"{\"a\":[1,]}", "{\"a\":[1 2]}", "{\"a\":1]", "{\"a\":[1}",
		"{} {}", "{\"a\":1}x", "{,}", "{\"a\":--1}", "{\"a\":\"\xc0\x80\"}",
		"{\"a\":\"\xed\xa0\x80\"}", "{\"a\" 1}", "{\"a\":1 \"b\":2}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *value = json_loads(texts[i], 0, NULL);
		size_t members;

		if (!value != !!check(texts[i], strlen(texts[i]), &members))
			fail_msg("%s", texts[i]);
		if (value)
			assert_int_equal(members, json_object_size(value));
		json_decref(value);
	}
}

/* Where a valid text ends early, nothing behind it is read. */
static void test_what_is_cut_off_is_refused(void **state)
{
	static const char text[] =
		"{\"a\":[1,-2.5e3,true,{\"b\":\"x\\u00e9\\n\"}],\"c\":null}";
	size_t members;

	(void)state;
	for (size_t length = 0; length < sizeof(text) - 1; length++)
		assert_non_null(check(text, length, &members));
	assert_null(check(text, sizeof(text) - 1, &members));
	assert_int_equal(members, 2);
}

static void test_nesting_is_bounded(void **state)
{
	char text[4 * JSON_SCAN_DEPTH_MAX];
	size_t members;

	(void)state;
	for (int depth = JSON_SCAN_DEPTH_MAX - 2; depth < JSON_SCAN_DEPTH_MAX + 2;
	     depth++) {
		size_t length = 5;

		memcpy(text, "{\"a\":", 5);
		memset(text + length, '[', (size_t)depth);
		length += (size_t)depth;
		memset(text + length, ']', (size_t)depth);
		length += (size_t)depth;
		text[length++] = '}';
		assert_int_equal(!check(text, length, &members),
				 depth < JSON_SCAN_DEPTH_MAX);
	}
}

static void test_members_and_elements(void **state)
{
	static const char text[] =
		"{ \"a\" : 1 ,\"b\":{\"x\":\"}\\\"]\"}, \"c\":[ 1, [2] ,\"]\" ] }";
	const char *at = text + 1;
	struct json_span key, value;

	(void)state;
	assert_true(json_scan_member(&at, &key, &value));
	assert_memory_equal(key.text, "\"a\"", key.length);
	assert_int_equal(value.length, 1);
	assert_true(json_scan_member(&at, &key, &value));
	assert_memory_equal(value.text, "{\"x\":\"}\\\"]\"}", value.length);
	assert_true(json_scan_member(&at, &key, &value));
	assert_false(json_scan_member(&at, &key, &key));
	at = value.text + 1;
	assert_true(json_scan_element(&at, &value) && value.length == 1);
	assert_true(json_scan_element(&at, &value) && value.length == 3);
	assert_true(json_scan_element(&at, &value) && value.length == 3);
	assert_false(json_scan_element(&at, &value));
}

static void test_strings(void **state)
{
	static const struct {
		const char *string, *text;
	} cases[] = {
		{ "\"\"", "" }, { "\"a\"", "a" }, { "\"\\\"\\\\\\/\"", "\"\\/" },
		{ "\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t" },
		{ "\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac" },
		{ "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80" },
		{ "\"\\ud83d\"", "\xef\xbf\xbd" },
		{ "\"\\ude00x\"", "\xef\xbf\xbdx" },
		{ "\"\\ud83d\\u0041\"", "\xef\xbf\xbd" "A" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_span span = { cases[i].string,
					  strlen(cases[i].string) };
		struct buffer out = BUFFER_EMPTY;

		json_scan_unescape(&out, span);
		assert_string_equal(buffer_string(&out), cases[i].text);
		assert_int_equal(json_scan_is_plain(span),
				 !strchr(cases[i].string, '\\'));
		buffer_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jansson_agrees),
		cmocka_unit_test(test_what_is_cut_off_is_refused),
		cmocka_unit_test(test_nesting_is_bounded),
		cmocka_unit_test(test_members_and_elements),
		cmocka_unit_test(test_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
