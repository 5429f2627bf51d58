/*
 * Fault injection: answers that the tracer gives in the kernel's place. Which
 * calls are met is counted over the whole trace, in the order in which they
 * begin.
 */
#ifndef CAPTURE_INJECTION_H
#define CAPTURE_INJECTION_H

#include <stddef.h>
#include <stdint.h>

#include "abi/abi.h"

struct injection {
	const char *name;	/* of the ioctl, as its row has it */
	int64_t result;		/* >= 0, or -errno */
	uint64_t first;		/* the first call that is met, from 1 */
	uint64_t step;		/* then each step-th; 0: no other */
	uint64_t seen;		/* calls of this name so far */
};

/*
 * The call of this row (NULL: unknown) begins: all injections of its name
 * count it. Returns the first that meets it, or NULL.
 */
const struct injection *injection_find(struct injection *injections,
				       size_t count,
				       const struct abi_ioctl *row);

#endif
