/*
 * What is behind `kvmtrace explain NAME...`: what an ioctl, exit reason, structure, member,
 * flag, capability, MSR, CPUID leaf, errno or a note's code is, printed from
 * the rows of abi/ and annotate/; and the words around them (explain_topics.h).
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "base/buffer.h"

/*
 * Append all that a name (or number, as "0xae80") means, whatever its letters'
 * case. The number of meanings; 0: nothing is called so.
 */
unsigned int explain_name(struct buffer *out, const char *name);

/* Append the names nearest to a wrong one: "A, B or C", or nothing. */
void explain_near_misses(struct buffer *out, const char *name);

/* All kinds of names, with examples, and all topics. */
void explain_list(struct buffer *out);

/* Tell all names there are, some of them more than once. */
void explain_tell_names(void (*tell)(void *context, const char *name),
			void *context);

#endif
