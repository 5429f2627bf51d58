/*
 * Bounded copies from the memory of a traced process. Addresses and lengths
 * come from it and may be anything: what can't be read is left out, never
 * guessed.
 */
#ifndef CAPTURE_MEMORY_H
#define CAPTURE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Bytes read from the start, 0 … length: up to the first unreadable page. */
size_t memory_read(pid_t tid, uint64_t address, void *bytes, size_t length);

/* Write all of it: 0 or -errno. Protected pages are an error. */
int memory_write(pid_t tid, uint64_t address, const void *bytes, size_t length);

/* One of several places that are read together: the cost is in the call. */
struct memory_span {
	uint64_t address;
	void *bytes;
	size_t length;
	size_t got;	/* bytes read from the start */
	bool is_all;	/* what is not in it is gone: the process went on */
};

#define MEMORY_SPANS_MAX 4

/* Read all, with one system call when all are readable. */
void memory_read_spans(pid_t tid, struct memory_span *spans, size_t count);

/*
 * The same as memory_read(), out of a span that was read before when the bytes
 * are in it; `span` may be NULL.
 */
size_t memory_read_from(const struct memory_span *span, pid_t tid,
			uint64_t address, void *bytes, size_t length);

/* A NUL-terminated string, cut at size - 1: its length, or -EFAULT. */
int memory_read_string(pid_t tid, uint64_t address, char *text, size_t size);

#endif
