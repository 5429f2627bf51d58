#include "sink/distribution.h"

#include <stdlib.h>

#include "base/log.h"

/*
 * Below 2 * STEPS each number has a bucket of its own; above, each power of two
 * is divided into STEPS buckets.
 */
#define STEP_BITS 7
#define STEPS (1u << STEP_BITS)
#define BUCKETS ((64 - STEP_BITS + 1) * STEPS)

static unsigned get_shift(uint64_t value)
{
	return value < 2 * STEPS ? 0 :
	       63 - (unsigned)__builtin_clzll(value) - STEP_BITS;
}

static size_t get_bucket(uint64_t value)
{
	unsigned shift = get_shift(value);

	return (size_t)shift * STEPS + (size_t)(value >> shift);
}

static uint64_t get_middle(size_t bucket)
{
	size_t shift = bucket < 2 * STEPS ? 0 : bucket / STEPS - 1;
	uint64_t first = (uint64_t)(bucket - shift * STEPS) << shift;

	return shift ? first + (1ull << (shift - 1)) : first;
}

static uint64_t get_sample(const struct distribution *distribution, size_t i)
{
	uint64_t sample;

	memcpy(&sample, distribution->samples.data + i * sizeof(sample),
	       sizeof(sample));
	return sample;
}

static void change_to_buckets(struct distribution *distribution)
{
	distribution->buckets = calloc(BUCKETS, sizeof(uint64_t));
	if (!distribution->buckets)
		log_die("out of memory: a distribution");
	for (size_t i = 0; i < distribution->count; i++)
		distribution->buckets[get_bucket(
			get_sample(distribution, i))]++;
	buffer_free(&distribution->samples);
}

void distribution_add(struct distribution *distribution, uint64_t value)
{
	if (!distribution->count || value < distribution->least)
		distribution->least = value;
	if (value > distribution->greatest)
		distribution->greatest = value;
	if (!distribution->buckets &&
	    distribution->count == DISTRIBUTION_EXACT_MAX)
		change_to_buckets(distribution);
	if (distribution->buckets)
		distribution->buckets[get_bucket(value)]++;
	else
		buffer_add(&distribution->samples, &value, sizeof(value));
	distribution->count++;
	distribution->is_sorted = false;
}

static int compare(const void *left, const void *right)
{
	uint64_t a, b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return a < b ? -1 : a > b;
}

static uint64_t find_in_buckets(const struct distribution *distribution,
				uint64_t rank)
{
	uint64_t seen = 0, middle;
	size_t i;

	for (i = 0; i < BUCKETS - 1; i++) {
		seen += distribution->buckets[i];
		if (seen >= rank)
			break;
	}
	middle = get_middle(i);
	/* The outer buckets may reach beyond all numbers. */
	return middle < distribution->least ? distribution->least :
	       middle > distribution->greatest ? distribution->greatest :
	       middle;
}

uint64_t distribution_quantile(struct distribution *distribution,
			       unsigned percent)
{
	uint64_t count = distribution->count;
	/* count * percent / 100, rounded up, without the product's overflow. */
	uint64_t rank = count / 100 * percent +
			(count % 100 * percent + 99) / 100;

	if (!count)
		return 0;
	rank += !rank;
	if (distribution->buckets)
		return find_in_buckets(distribution, rank);
	if (!distribution->is_sorted)
		qsort(distribution->samples.data, (size_t)count,
		      sizeof(uint64_t), compare);
	distribution->is_sorted = true;
	return get_sample(distribution, (size_t)rank - 1);
}

bool distribution_is_approximate(const struct distribution *distribution)
{
	return distribution->buckets != NULL;
}

void distribution_done(struct distribution *distribution)
{
	buffer_free(&distribution->samples);
	free(distribution->buckets);
}
