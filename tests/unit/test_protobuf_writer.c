/* Protobuf's wire format: the bytes that its documentation shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/protobuf_writer.h"

static void expect(struct buffer *out, const char *bytes, size_t length)
{
	assert_int_equal(out->length, length);
	assert_memory_equal(out->data, bytes, length);
	buffer_free(out);
}

#define EXPECT(out, bytes) expect(out, bytes, sizeof(bytes) - 1)

/* https://protobuf.dev/programming-guides/encoding: a = 150. */
static void writes_varints(void **state)
{
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	protobuf_add_varint(&out, 1, 150);
	EXPECT(&out, "\x08\x96\x01");
	protobuf_add_varint(&out, 16, 0);
	EXPECT(&out, "\x80\x01\x00");
	/* A negative int64 has ten bytes. */
	protobuf_add_varint(&out, 1, (uint64_t)-2);
	EXPECT(&out, "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

static void writes_fixed(void **state)
{
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	protobuf_add_fixed64(&out, 1, 0x0102030405060708ull);
	EXPECT(&out, "\x09\x08\x07\x06\x05\x04\x03\x02\x01");
	protobuf_add_double(&out, 1, 1.0);
	EXPECT(&out, "\x09\x00\x00\x00\x00\x00\x00\xf0\x3f");
}

static void writes_strings(void **state)
{
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	protobuf_add_string(&out, 2, "testing");
	EXPECT(&out, "\x12\x07testing");
	protobuf_add_bytes(&out, 2, "\0\xff", 2);
	EXPECT(&out, "\x12\x02\0\xff");
}

/* A length of four bytes, whatever it is; submessages nest. */
static void writes_messages(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	size_t outer, inner;

	(void)state;
	outer = protobuf_begin(&out, 3);
	inner = protobuf_begin(&out, 1);
	protobuf_add_varint(&out, 1, 1);
	protobuf_end(&out, inner);
	protobuf_end(&out, outer);
	EXPECT(&out, "\x1a\x87\x80\x80\x00\x0a\x82\x80\x80\x00\x08\x01");
	outer = protobuf_begin(&out, 1);
	for (int i = 0; i < 300; i++)
		buffer_add_char(&out, 'x');
	protobuf_end(&out, outer);
	assert_memory_equal(out.data, "\x0a\xac\x82\x80\x00xx", 7);
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_varints),
		cmocka_unit_test(writes_fixed),
		cmocka_unit_test(writes_strings),
		cmocka_unit_test(writes_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
