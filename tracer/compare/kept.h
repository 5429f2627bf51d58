/*
 * The values of one event, kept: their paths, and texts that are safe to
 * print (ASCII, bounded). What is equal is told by hashes of the whole.
 */
#ifndef COMPARE_KEPT_H
#define COMPARE_KEPT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "compare/normalise.h"

/* Of one value, and of all values of an event; what is beyond is left out. */
#define KEPT_TEXT_MAX 4096
#define KEPT_BYTES_MAX (256u << 10)

struct kept_fact {
	uint64_t place, value;	/* hashes of the whole */
	size_t path, text;	/* offsets in the bytes, each ends with NUL */
	bool is_string, is_shadow, is_derived, is_optional;
};

struct kept {
	struct buffer bytes;
	struct buffer rows;	/* struct kept_fact */
	bool is_cut;		/* there were more */
};

/* So many bytes more are kept. */
size_t kept_add(struct kept *kept, const struct fact *fact);
void kept_free(struct kept *kept);

size_t kept_count(const struct kept *kept);
const struct kept_fact *kept_at(const struct kept *kept, size_t index);
const char *kept_path(const struct kept *kept, const struct kept_fact *fact);
const char *kept_text(const struct kept *kept, const struct kept_fact *fact);

/* The value at a path like ".exit.reason"; NULL: there is none. */
const char *kept_find(const struct kept *kept, const char *path);

#endif
