/*
 * From pairs to a list of what differs: each difference once, repeats folded,
 * in the order of the traces; still numbers only. What they mean in words is
 * compare.c's to find out.
 */
#ifndef COMPARE_FINDINGS_H
#define COMPARE_FINDINGS_H

#include "compare/compare.h"
#include "compare/pairing.h"

/* More are only counted. */
#define FINDINGS_MAX (1u << 16)

struct finding {
	enum difference_kind kind;
	bool is_behind;		/* of `near`; or else before it */
	uint32_t a, b;		/* the events, or INDEX_NONE */
	uint32_t a_last, b_last;	/* the last of those that were folded */
	/*
	 * The neighbour of what isn't there, in the trace where it isn't; of
	 * what was moved the expected event that it now is behind or before,
	 * though it should be the other way round. INDEX_NONE: not known.
	 */
	uint32_t near;
	uint32_t at;		/* about there in the actual trace */
	uint64_t count;
};

struct findings {
	struct finding *list;
	size_t count, capacity;
	uint64_t total;		/* with those that are only counted */
	struct hash_map changes;	/* what was folded: to the finding */
};

/* What is missing behind an incomplete trace's end is no finding. */
void findings_find(struct findings *findings,
		   const struct trace_index *expected,
		   const struct trace_index *actual, const struct streams *a,
		   const struct streams *b);

/* The order of a thread's calls among those on the several vCPUs that it
 * drives. */
void findings_find_order(struct findings *findings,
			 const struct trace_index *actual);

void findings_sort(struct findings *findings);
void findings_free(struct findings *findings);

#endif
