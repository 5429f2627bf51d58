/*
 * A whole trace as an array of small numbers, an event each: what aligning
 * needs, at 56 bytes a line. The lines themselves stay in the file, which is
 * read a second time for the few that are told about; so what can't be read
 * twice is copied to a temporary file first.
 */
#ifndef COMPARE_TRACE_INDEX_H
#define COMPARE_TRACE_INDEX_H

#include "base/hash.h"
#include "compare/normalise.h"

#define INDEX_NONE UINT32_MAX
/* What aligning can count. */
#define INDEX_EVENTS_MAX ((1u << 31) - 1)

/* How an event of one trace goes with one of the other. */
enum index_pairing {
	PAIRED_NOT,
	PAIRED_EQUAL,
	PAIRED_CHANGED,	/* the same call, with other values */
	PAIRED_MOVED,	/* equal, but in another place */
};

struct index_event {
	uint64_t exact, optional;
	uint32_t fine, coarse;	/* halves of the hashes: they only pair */
	uint32_t stream;	/* its number; trace_index_number_streams() */
	uint32_t seq;
	uint32_t thread;
	int32_t vm;
	uint32_t match;		/* index in the other trace, or INDEX_NONE */
	uint8_t flags;		/* enum event_flag */
	uint8_t pairing;	/* enum index_pairing */
};

struct trace_index {
	const char *name;	/* as the user gave it; borrowed */
	char path[32];		/* of a copy or of standard input; or empty */
	int fd;			/* that `path` goes by, or -1 */
	struct index_event *events;
	size_t count, capacity;
	struct normaliser *normaliser;
	struct hash_map streams;	/* from a stream's hash to its number */
	struct buffer stream_keys;	/* uint64_t, the hash of each */
	bool has_end, is_truncated, is_cut, is_renumbered;
};

void trace_index_init(struct trace_index *index, const char *name,
		      const struct rules *rules);
void trace_index_done(struct trace_index *index);

/*
 * Reads the trace. 0, -EBADMSG for what is no trace, or another -errno; the
 * sentence is in `error`. Touches nothing that another index has but the
 * rules, which it only reads.
 */
int trace_index_read(struct trace_index *index, struct buffer *error);

/* Gives the streams numbers that hold for all traces: those of `streams`. */
void trace_index_number_streams(struct trace_index *index,
				struct hash_map *streams);

/*
 * Visits the values of some events again, whose indices are in `wanted` in
 * rising order; `begin` is told which event comes. Fails as above when the
 * file isn't any longer what it was.
 */
typedef normalise_visit *trace_index_begin(void *context, size_t wanted);
int trace_index_visit(struct trace_index *index, const uint32_t *wanted,
		      size_t count, trace_index_begin *begin, void *context,
		      struct buffer *error);

#endif
