/* Growable buffers: what goes in stays, whatever it takes to hold it. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"

static void test_empty(void **state)
{
	struct buffer buffer = BUFFER_EMPTY;

	(void)state;
	buffer_add(&buffer, NULL, 0);
	assert_int_equal(buffer.length, 0);
	assert_string_equal(buffer_string(&buffer), "");
	buffer_free(&buffer);
	assert_null(buffer.data);
	buffer_free(&buffer);
}

static void test_growing_keeps_the_bytes(void **state)
{
	struct buffer buffer = BUFFER_EMPTY;

	(void)state;
	for (unsigned int i = 0; i < 100000; i++)
		buffer_add_char(&buffer, (char)(i * 7));
	assert_int_equal(buffer.length, 100000);
	assert_true(buffer.capacity >= buffer.length);
	for (unsigned int i = 0; i < 100000; i++)
		assert_int_equal(buffer.data[i], (char)(i * 7));
	buffer_free(&buffer);
}

static void test_one_large_piece(void **state)
{
	struct buffer buffer = BUFFER_EMPTY;
	size_t size = 5 << 20;
	char *piece = malloc(size);

	(void)state;
	assert_non_null(piece);
	memset(piece, 0x5a, size);
	buffer_add_char(&buffer, 'x');
	buffer_add(&buffer, piece, size);
	assert_int_equal(buffer.length, size + 1);
	assert_memory_equal(buffer.data + 1, piece, size);
	free(piece);
	buffer_free(&buffer);
}

/* A reset buffer keeps its memory, so that an event costs no allocation. */
static void test_reset_keeps_the_memory(void **state)
{
	struct buffer buffer = BUFFER_EMPTY;
	const char *data;

	(void)state;
	buffer_reserve(&buffer, 4096);
	data = buffer.data;
	for (int i = 0; i < 100; i++) {
		buffer_reset(&buffer);
		buffer_add_string(&buffer, "0123456789");
		assert_ptr_equal(buffer.data, data);
		assert_string_equal(buffer_string(&buffer), "0123456789");
	}
	buffer_free(&buffer);
}

static void assert_number(long long number, const char *wanted)
{
	struct buffer buffer = BUFFER_EMPTY;

	buffer_add_signed(&buffer, number);
	assert_string_equal(buffer_string(&buffer), wanted);
	buffer_free(&buffer);
}

static void test_numbers(void **state)
{
	struct buffer buffer = BUFFER_EMPTY;

	(void)state;
	assert_number(0, "0");
	assert_number(-1, "-1");
	assert_number(LLONG_MIN, "-9223372036854775808");
	assert_number(LLONG_MAX, "9223372036854775807");
	buffer_add_unsigned(&buffer, ULLONG_MAX);
	buffer_add_char(&buffer, ' ');
	buffer_add_hex(&buffer, ULLONG_MAX);
	buffer_add_char(&buffer, ' ');
	buffer_add_hex(&buffer, 0);
	assert_string_equal(buffer_string(&buffer),
			    "18446744073709551615 0xffffffffffffffff 0x0");
	buffer_free(&buffer);
}

static void test_format(void **state)
{
	struct buffer buffer = BUFFER_EMPTY;
	char long_text[1000];

	(void)state;
	memset(long_text, 'y', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	buffer_add_format(&buffer, "%d-%s", 5, long_text);
	buffer_add_format(&buffer, "%c", 'z');
	assert_int_equal(buffer.length, 2 + 999 + 1);
	assert_int_equal(buffer.data[1001], 'z');
	buffer_free(&buffer);
}

/* buffer_string() must not count its zero byte. */
static void test_string_can_go_on(void **state)
{
	struct buffer buffer = BUFFER_EMPTY;

	(void)state;
	buffer_add_string(&buffer, "ab");
	assert_string_equal(buffer_string(&buffer), "ab");
	buffer_add_string(&buffer, "cd");
	assert_string_equal(buffer_string(&buffer), "abcd");
	assert_int_equal(buffer.length, 4);
	buffer_free(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_growing_keeps_the_bytes),
		cmocka_unit_test(test_one_large_piece),
		cmocka_unit_test(test_reset_keeps_the_memory),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_string_can_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
