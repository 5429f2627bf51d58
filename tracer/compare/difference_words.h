/*
 * A difference in plain words, from the values of the events: what has changed
 * in which call. Not where it stands, nor whether it is worth saying.
 */
#ifndef COMPARE_DIFFERENCE_WORDS_H
#define COMPARE_DIFFERENCE_WORDS_H

#include "compare/compare.h"
#include "compare/kept.h"

/* So many values of one event are told; all are counted. */
#define DIFFERENCE_FIELDS_MAX 50

/* A value that differs, in both traces; NULL: absent in one. */
struct changed_fact {
	const struct kept_fact *expected, *actual;
};

/*
 * What differs between two events, the values that follow from others left
 * out where they have company. At most DIFFERENCE_FIELDS_MAX into `changed`;
 * how many there are. `*ret_is_derived`: all of them follow from other lines.
 */
size_t difference_find_facts(const struct kept *expected,
			     const struct kept *actual,
			     struct changed_fact *changed,
			     bool *ret_is_derived);

/* Append "KVM_SET_SREGS on vm0/vcpu0"; with `is_exact`, what it did too. */
void difference_add_event(struct buffer *out, const struct kept *facts,
			  bool is_exact);

/* Append "cr4 is 0x20 (PAE), expected 0x620 (PAE OSFXSR OSXMMEXCPT)". */
void difference_add_fact(struct buffer *out, const struct kept *expected,
			 const struct kept *actual,
			 const struct changed_fact *changed);

#endif
