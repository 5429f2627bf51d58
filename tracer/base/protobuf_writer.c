#include "base/protobuf_writer.h"

#include "base/log.h"

enum wire_type {
	WIRE_VARINT = 0,
	WIRE_FIXED64 = 1,
	WIRE_LENGTH = 2,
};

/* Seven bits a byte, lowest first; all but the last have the top bit. */
static void add_varint(struct buffer *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		buffer_add_char(out, (char)(value | 0x80));
	buffer_add_char(out, (char)value);
}

static void add_tag(struct buffer *out, unsigned field, enum wire_type type)
{
	add_varint(out, (uint64_t)field << 3 | type);
}

void protobuf_add_varint(struct buffer *out, unsigned field, uint64_t value)
{
	add_tag(out, field, WIRE_VARINT);
	add_varint(out, value);
}

void protobuf_add_fixed64(struct buffer *out, unsigned field, uint64_t value)
{
	add_tag(out, field, WIRE_FIXED64);
	for (unsigned shift = 0; shift < 64; shift += 8)
		buffer_add_char(out, (char)(value >> shift));
}

void protobuf_add_double(struct buffer *out, unsigned field, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	protobuf_add_fixed64(out, field, bits);
}

void protobuf_add_bytes(struct buffer *out, unsigned field, const void *bytes,
			size_t length)
{
	add_tag(out, field, WIRE_LENGTH);
	add_varint(out, length);
	buffer_add(out, bytes, length);
}

void protobuf_add_string(struct buffer *out, unsigned field, const char *text)
{
	protobuf_add_bytes(out, field, text, strlen(text));
}

/*
 * A length is known only at the end, so it gets room for four bytes of seven
 * bits; a varint may have more bytes than it needs.
 */
#define LENGTH_BYTES 4

size_t protobuf_begin(struct buffer *out, unsigned field)
{
	add_tag(out, field, WIRE_LENGTH);
	buffer_add(out, "\0\0\0\0", LENGTH_BYTES);
	return out->length;
}

void protobuf_end(struct buffer *out, size_t begin)
{
	size_t length = out->length - begin;
	char *place = out->data + begin - LENGTH_BYTES;

	if (length >> (7 * LENGTH_BYTES))
		log_die("a message of %zu bytes is too long", length);
	for (int i = 0; i < LENGTH_BYTES; i++)
		place[i] = (char)((length >> (7 * i) & 0x7f) |
				  (i < LENGTH_BYTES - 1 ? 0x80 : 0));
}
