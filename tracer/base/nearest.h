/*
 * The nearest of several names to one that is wrong, for "did you mean".
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *wanted;
	const char *best;	/* NULL: nothing is near */
	size_t distance;
};

/* Nothing farther than a third of the name's letters counts as near. */
struct nearest nearest_to(const char *wanted);
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
