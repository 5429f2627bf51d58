/* Quantiles: exact while the numbers are few, then within 0.4 %. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sink/distribution.h"

static void none_is_zero(void **state)
{
	struct distribution none = { 0 };

	(void)state;
	assert_int_equal(distribution_quantile(&none, 50), 0);
	distribution_done(&none);
}

static void takes_nearest_ranks(void **state)
{
	struct distribution few = { 0 };

	(void)state;
	for (uint64_t value = 10; value > 0; value--)
		distribution_add(&few, value);
	assert_int_equal(distribution_quantile(&few, 0), 1);
	assert_int_equal(distribution_quantile(&few, 50), 5);
	assert_int_equal(distribution_quantile(&few, 51), 6);
	assert_int_equal(distribution_quantile(&few, 99), 10);
	assert_int_equal(few.least, 1);
	assert_int_equal(few.greatest, 10);
	/* One more after it was sorted. */
	distribution_add(&few, 0);
	assert_int_equal(distribution_quantile(&few, 1), 0);
	distribution_done(&few);
}

static void is_near(uint64_t found, uint64_t exact)
{
	uint64_t error = found > exact ? found - exact : exact - found;

	assert_true(error <= exact / 250);
}

/* All magnitudes, as many of each: every rank's number is known. */
static void bounds_the_error(void **state)
{
	struct distribution many = { 0 };
	const unsigned each = DISTRIBUTION_EXACT_MAX / 64 + 1;

	(void)state;
	for (unsigned bit = 0; bit < 64; bit++)
		for (unsigned i = 0; i < each; i++)
			distribution_add(&many, (1ull << bit) + bit);
	assert_true(distribution_is_approximate(&many));
	for (unsigned percent = 1; percent <= 100; percent++) {
		uint64_t rank = (many.count * percent + 99) / 100;
		uint64_t bit = (rank - 1) / each;

		is_near(distribution_quantile(&many, percent),
			(1ull << bit) + bit);
	}
	assert_int_equal(many.least, 1);
	assert_int_equal(many.greatest, (1ull << 63) + 63);
	distribution_done(&many);
}

static void takes_the_greatest(void **state)
{
	struct distribution many = { 0 };

	(void)state;
	for (unsigned i = 0; i <= DISTRIBUTION_EXACT_MAX; i++)
		distribution_add(&many, UINT64_MAX);
	assert_true(distribution_quantile(&many, 50) == UINT64_MAX);
	distribution_done(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_is_zero),
		cmocka_unit_test(takes_nearest_ranks),
		cmocka_unit_test(bounds_the_error),
		cmocka_unit_test(takes_the_greatest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
