/*
 * A streaming writer of Protocol Buffers' wire format into a buffer:
 * https://protobuf.dev/programming-guides/encoding. What it writes are fields
 * by number; which numbers mean what is the caller's knowledge. It exists
 * because a library would bring generated code for a schema of which a
 * few dozen fields are needed, and build a tree of each message first.
 *
 * The writer has no state: the buffer is the caller's, and a submessage is
 * open from _begin to the _end that gets what _begin returned.
 */
#ifndef BASE_PROTOBUF_WRITER_H
#define BASE_PROTOBUF_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* int32, int64, uint32, uint64, bool and enum: a negative one is cast. */
void protobuf_add_varint(struct buffer *out, unsigned field, uint64_t value);
void protobuf_add_fixed64(struct buffer *out, unsigned field, uint64_t value);
void protobuf_add_double(struct buffer *out, unsigned field, double value);

/* string and bytes */
void protobuf_add_bytes(struct buffer *out, unsigned field, const void *bytes,
			size_t length);
void protobuf_add_string(struct buffer *out, unsigned field, const char *text);

/* A submessage; it must stay below 256 MiB. */
size_t protobuf_begin(struct buffer *out, unsigned field);
void protobuf_end(struct buffer *out, size_t begin);

#endif
