#include "compare/align.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"

/* So many elements left over are looked for at once; the cost is at most so
 * much for each element, and the memory its square. */
#define EDITS_MAX 512

/*
 * The greedy algorithm on a window of both sequences. furthest[edits] holds,
 * for each diagonal k = x - y from -edits to edits, the x that is reached by
 * so many edits: what the way back needs.
 */
struct aligner {
	const uint64_t *a, *b;
	size_t a_count, b_count;	/* of the window */
	size_t a_begin, b_begin;
	uint32_t *matches;
	int32_t *furthest[EDITS_MAX + 1];
};

static int32_t *row_of(struct aligner *aligner, int edits)
{
	if (aligner->furthest[edits])
		return aligner->furthest[edits] + edits;
	aligner->furthest[edits] = calloc(2 * (size_t)edits + 1,
					  sizeof(int32_t));
	if (!aligner->furthest[edits])
		log_die("out of memory: aligning");
	return aligner->furthest[edits] + edits;
}

/* Did the path on this diagonal come down, by leaving out one of `b`? */
static bool comes_down(const int32_t *before, int edits, int k)
{
	return k == -edits || (k != edits && before[k - 1] < before[k + 1]);
}

/* Where the diagonal begins after the last edit; `x` may be out of the window
 * or y be: then no path is there. */
static int64_t step(const int32_t *before, int edits, int k)
{
	return comes_down(before, edits, k) ? before[k + 1]
					    : (int64_t)before[k - 1] + 1;
}

static int64_t run_along(const struct aligner *aligner, int64_t x, int k)
{
	while (x < (int64_t)aligner->a_count &&
	       x - k < (int64_t)aligner->b_count &&
	       aligner->a[x] == aligner->b[x - k])
		x++;
	return x;
}

/* The rows up to the end of the window or EDITS_MAX; the last of them, and in
 * *ret_k the diagonal that got furthest. */
static int search(struct aligner *aligner, int *ret_k)
{
	int64_t a_count = (int64_t)aligner->a_count;
	int64_t b_count = (int64_t)aligner->b_count;

	row_of(aligner, 0)[0] = (int32_t)run_along(aligner, 0, 0);
	*ret_k = 0;
	/* Behind the first window, the rest may be equal. */
	if (row_of(aligner, 0)[0] == a_count && a_count == b_count)
		return 0;
	for (int edits = 1; edits <= EDITS_MAX; edits++) {
		const int32_t *before = row_of(aligner, edits - 1);
		int32_t *row = row_of(aligner, edits);
		int64_t best = -1;

		for (int k = -edits; k <= edits; k += 2) {
			int64_t x = step(before, edits, k);

			if (x < 0 || x > a_count || x - k > b_count ||
			    x - k < 0) {
				row[k] = INT32_MIN / 2;
				continue;
			}
			x = run_along(aligner, x, k);
			row[k] = (int32_t)x;
			if (2 * x - k <= best)
				continue;
			best = 2 * x - k;
			*ret_k = k;
			if (x == a_count && x - k == b_count)
				return edits;
		}
	}
	return EDITS_MAX;
}

/* Back from where diagonal `k` ends: notes what the runs along it matched. */
static void note_matches(struct aligner *aligner, int edits, int k, int64_t x)
{
	for (; edits >= 0; edits--) {
		const int32_t *before = edits ? row_of(aligner, edits - 1)
					      : NULL;
		int64_t start = edits ? step(before, edits, k) : 0;

		for (; x > start; x--)
			aligner->matches[aligner->a_begin + (size_t)x - 1] =
				(uint32_t)(aligner->b_begin +
					   (size_t)(x - k) - 1);
		if (!edits)
			return;
		if (comes_down(before, edits, k)) {
			k++;
		} else {
			k--;
			x--;
		}
	}
}

/* Moves the window's beginning to behind what could be aligned at once. */
static void align_window(struct aligner *aligner)
{
	int k, edits = search(aligner, &k);
	int64_t x = row_of(aligner, edits)[k];

	note_matches(aligner, edits, k, x);
	aligner->a += x;
	aligner->b += x - k;
	aligner->a_begin += (size_t)x;
	aligner->b_begin += (size_t)(x - k);
	aligner->a_count -= (size_t)x;
	aligner->b_count -= (size_t)(x - k);
}

/* What is equal at both ends needs no search. */
static void trim(struct aligner *aligner)
{
	size_t least = aligner->a_count < aligner->b_count ?
		       aligner->a_count : aligner->b_count;
	size_t prefix = 0, suffix = 0;

	while (prefix < least && aligner->a[prefix] == aligner->b[prefix]) {
		aligner->matches[prefix] = (uint32_t)prefix;
		prefix++;
	}
	while (suffix < least - prefix &&
	       aligner->a[aligner->a_count - 1 - suffix] ==
	       aligner->b[aligner->b_count - 1 - suffix]) {
		suffix++;
		aligner->matches[aligner->a_count - suffix] =
			(uint32_t)(aligner->b_count - suffix);
	}
	aligner->a += prefix;
	aligner->b += prefix;
	aligner->a_begin = aligner->b_begin = prefix;
	aligner->a_count -= prefix + suffix;
	aligner->b_count -= prefix + suffix;
}

/* So far what is left over is moved to meet what is left over of the other. */
#define SLIDE_MAX 1000

/* Is one of `b` left over just before the match of a[i]? Only where a[i - 1]
 * is matched, or isn't there, can that be told. */
static bool has_gap_before(const uint32_t *matches, size_t i)
{
	if (!i)
		return matches[0] > 0;
	return matches[i - 1] != ALIGN_NONE && matches[i - 1] + 1 < matches[i];
}

/*
 * Of equal elements in a row it is all the same which is left over. The run
 * [begin, end) slides up, to where one of `b` is left over too: then the two
 * can be told as one change. Without such a place it stays.
 */
static void slide_up(const uint64_t *a, uint32_t *matches, size_t begin,
		     size_t end)
{
	size_t steps = 0;

	for (;; steps++) {
		size_t i = begin - steps;

		if (!i || steps == SLIDE_MAX || a[i - 1] != a[end - steps - 1] ||
		    matches[i - 1] == ALIGN_NONE)
			return;
		if (has_gap_before(matches, i - 1))
			break;
	}
	for (size_t i = 0; i <= steps; i++) {
		matches[end - i - 1] = matches[begin - i - 1];
		matches[begin - i - 1] = ALIGN_NONE;
	}
}

/* Gaps that are next to each other need no sliding. */
static bool faces_gap(const uint32_t *matches, size_t a_count, size_t b_count,
		      size_t begin, size_t end)
{
	size_t before = begin ? matches[begin - 1] + (size_t)1 : 0;
	size_t behind = end < a_count ? matches[end] : b_count;

	return behind > before;
}

static void slide(struct align_side a, struct align_side b, uint32_t *matches)
{
	for (size_t i = 0, end; i < a.count; i = end) {
		end = i + 1;
		if (matches[i] != ALIGN_NONE)
			continue;
		while (end < a.count && matches[end] == ALIGN_NONE)
			end++;
		if (!faces_gap(matches, a.count, b.count, i, end))
			slide_up(a.keys, matches, i, end);
	}
}

void align_sequences(struct align_side a, struct align_side b,
		     uint32_t *matches)
{
	struct aligner aligner = {
		.a = a.keys, .b = b.keys, .matches = matches,
		.a_count = a.count, .b_count = b.count,
	};

	for (size_t i = 0; i < a.count; i++)
		matches[i] = ALIGN_NONE;
	trim(&aligner);
	while (aligner.a_count && aligner.b_count)
		align_window(&aligner);
	slide(a, b, matches);
	for (int i = 0; i <= EDITS_MAX; i++)
		free(aligner.furthest[i]);
}
