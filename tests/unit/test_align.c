/* Aligning sequences, against the textbook's table of common subsequences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "compare/align.h"

#define LENGTH_MAX 24

static size_t longest_common(const uint64_t *a, size_t n, const uint64_t *b,
			     size_t m)
{
	size_t best[LENGTH_MAX + 1][LENGTH_MAX + 1] = { { 0 } };

	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			best[i][j] = best[i - 1][j] > best[i][j - 1] ?
				     best[i - 1][j] : best[i][j - 1];
			if (a[i - 1] == b[j - 1] &&
			    best[i - 1][j - 1] + 1 > best[i][j])
				best[i][j] = best[i - 1][j - 1] + 1;
		}
	return best[n][m];
}

/* How many are matched; each must be with its equal, and in order. */
static size_t count_matches(const uint64_t *a, size_t n, const uint64_t *b,
			    size_t m, uint32_t *matches)
{
	size_t count = 0;
	int64_t last = -1;

	align_sequences((struct align_side){ a, n },
			(struct align_side){ b, m }, matches);
	for (size_t i = 0; i < n; i++) {
		if (matches[i] == ALIGN_NONE)
			continue;
		assert_true(matches[i] < m && (int64_t)matches[i] > last);
		assert_true(a[i] == b[matches[i]]);
		last = matches[i];
		count++;
	}
	return count;
}

static void test_short_sequences_are_aligned_best(void **state)
{
	uint64_t a[LENGTH_MAX], b[LENGTH_MAX];
	uint32_t matches[LENGTH_MAX];

	(void)state;
	srandom(1);
	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)random() % (LENGTH_MAX + 1);
		size_t m = (size_t)random() % (LENGTH_MAX + 1);
		uint64_t letters = 1 + (uint64_t)random() % 6;

		for (size_t i = 0; i < LENGTH_MAX; i++) {
			a[i] = (uint64_t)random() % letters;
			b[i] = (uint64_t)random() % letters;
		}
		assert_int_equal(count_matches(a, n, b, m, matches),
				 longest_common(a, n, b, m));
	}
}

/* More edits than one window has: still in order, and most of it found. */
static void test_long_different_sequences_end_soon(void **state)
{
	size_t count = 200000;
	uint64_t *a = calloc(count, sizeof(*a)), *b = calloc(count, sizeof(*b));
	uint32_t *matches = calloc(count, sizeof(*matches));

	(void)state;
	assert_true(a && b && matches);
	for (size_t i = 0; i < count; i++) {
		a[i] = i % 3 ? i : 2 * count;
		b[i] = i % 3 ? i + count : 2 * count;
	}
	assert_true(count_matches(a, count, b, count, matches) > count / 6);
	/* Nothing in common at all. */
	for (size_t i = 0; i < count; i++)
		b[i] = i + 3 * count;
	assert_int_equal(count_matches(a, count, b, count, matches), 0);
	/* A window's worth of changes, and then the rest is equal. */
	for (size_t i = 0; i < count; i++)
		b[i] = i < 1000 ? i + 3 * count : a[i];
	assert_int_equal(count_matches(a, count, b, count, matches),
			 count - 1000);
	free(a);
	free(b);
	free(matches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_sequences_are_aligned_best),
		cmocka_unit_test(test_long_different_sequences_end_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
