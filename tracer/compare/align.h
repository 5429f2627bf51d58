/*
 * Two sequences of keys, aligned: which element of one goes with which of the
 * other, in order, so that few are left over (Myers, "An O(ND) Difference
 * Algorithm and Its Variations", 1986). Linear where the sequences are nearly
 * equal; where they are not, what is found stays in order but may not be the
 * longest, so that no input takes long.
 */
#ifndef COMPARE_ALIGN_H
#define COMPARE_ALIGN_H

#include <stddef.h>
#include <stdint.h>

#define ALIGN_NONE UINT32_MAX

struct align_side {
	const uint64_t *keys;
	size_t count;		/* less than 2^31 */
};

/* `matches` has a place for each of `a`: the index in `b`, or ALIGN_NONE. */
void align_sequences(struct align_side a, struct align_side b,
		     uint32_t *matches);

#endif
