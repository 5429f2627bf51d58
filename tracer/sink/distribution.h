/*
 * Numbers of which quantiles are wanted, in bounded memory: exact up to
 * DISTRIBUTION_EXACT_MAX of them, then by buckets of logarithmic width, whose
 * middle is off by at most 0.4 %. Count, least and greatest are always exact.
 *
 * Zeroed it is empty; distribution_done() releases it.
 */
#ifndef SINK_DISTRIBUTION_H
#define SINK_DISTRIBUTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

#define DISTRIBUTION_EXACT_MAX 100000

struct distribution {
	struct buffer samples;	/* uint64_t, as long as they are few */
	uint64_t *buckets;	/* NULL: the samples are all there */
	bool is_sorted;
	uint64_t count, least, greatest;
};

void distribution_add(struct distribution *distribution, uint64_t value);

/*
 * The nearest rank: the least number that `percent` per cent of all don't
 * exceed. 0 when there is none.
 */
uint64_t distribution_quantile(struct distribution *distribution,
			       unsigned percent);
/* Are quantiles by buckets now? */
bool distribution_is_approximate(const struct distribution *distribution);
void distribution_done(struct distribution *distribution);

#endif
