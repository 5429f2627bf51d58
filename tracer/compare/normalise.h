/*
 * One line of a trace to what it means: the values that count (rules.h), with
 * threads called T1, T2 … and addresses of guest memory slot0+0x400, and their
 * hash. Equal lines of two runs have equal hashes; the hash is a sum over the
 * values, so that two lines differ by the same number when they differ in the
 * same values. Nothing is allocated for a line; unlike sink and decode, which
 * write lines, this only reads them.
 */
#ifndef COMPARE_NORMALISE_H
#define COMPARE_NORMALISE_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/json_scan.h"
#include "compare/rules.h"

enum event_flag {
	EVENT_IGNORED = 1 << 0,		/* --ignore names it */
	EVENT_DERIVED = 1 << 1,		/* all of it follows from other lines */
	EVENT_ON_VCPU = 1 << 2,
	EVENT_NAMES = 1 << 3,		/* it gave names that later lines use */
	EVENT_START = 1 << 4,		/* trace_start */
	EVENT_END = 1 << 5,		/* trace_end */
	EVENT_TRUNCATED = 1 << 6,	/* … of a trace that left out lines */
};

struct event {
	uint64_t exact;		/* all that counts */
	uint64_t optional;	/* what counts if both have it; 0: nothing */
	uint64_t fine;		/* which event it is: call, object, exit, port */
	uint64_t coarse;	/* which call it is */
	uint64_t stream;	/* what it is in order with: a vCPU, a thread */
	uint64_t seq;		/* UINT64_MAX: it has none */
	uint64_t thread;	/* number of the thread, from 1; 0: none */
	int32_t vm;		/* -1: none */
	uint8_t flags;		/* enum event_flag */
};

/* Where a value stands: its key, and what that stands in. */
struct place {
	const struct place *parent;	/* NULL: the line */
	struct json_span key;		/* with quotes; length 0: an element */
	size_t index;
	uint64_t fact, rule;		/* hashes: with indices, and without */
};

/* A value of a line as it counts. */
struct fact {
	const struct place *place;
	const char *text;	/* of a string without quotes; no NUL */
	size_t length;
	bool is_string;
	bool is_shadow;		/* it doesn't count: a value in words */
	bool is_derived;
	bool is_optional;	/* derived, and counts only where both have it */
};

typedef void normalise_visit(void *context, const struct fact *fact);

struct normaliser;

/* For one trace, its lines in order. The rules are borrowed; traces that are
 * to be compared share the seed that the rules have. */
struct normaliser *normaliser_new(const struct rules *rules);
void normaliser_free(struct normaliser *normaliser);
/* Forgets threads and slots: the trace is read again. */
void normaliser_reset(struct normaliser *normaliser);

/*
 * The event of a line; with `visit`, its values one by one. 0, or -EBADMSG
 * for what is no event, with the reason in normaliser_error(). A line that
 * is cut off is one.
 */
int normaliser_read(struct normaliser *normaliser, struct json_span line,
		    struct event *ret_event, normalise_visit *visit,
		    void *context);
/* Why: a literal of ours, and at which byte of the line, from 1. */
const char *normaliser_error(const struct normaliser *normaliser,
			     size_t *ret_at);

#endif
