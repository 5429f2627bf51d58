/*
 * What of a trace counts when it is compared, as rows: which values name a
 * descriptor, a thread or an address that the next run gives anew, which ones
 * the host decides, and which only repeat what stands elsewhere. Rows of the
 * ABI (abi/) are turned into rules too, so that a new pointer in a structure
 * is masked without an edit here.
 */
#ifndef COMPARE_RULES_H
#define COMPARE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

enum rule {
	RULE_KEEP,		/* no rule: the value counts */
	RULE_SKIP,		/* it doesn't, nor does what is in it */
	RULE_IDENTITY,		/* it tells which event this is */
	RULE_THREAD,		/* a thread's number: T1, T2 … */
	RULE_DESCRIPTOR,	/* only whether it is one */
	RULE_RESULT,		/* only whether the call succeeded */
	RULE_HVA,		/* an address of the program: slot0+0x400 */
	RULE_PORT_DATA,		/* bytes that may be such an address */
	RULE_DERIVED,		/* it follows from what stands elsewhere */
	RULE_OPTIONAL,		/* so too, and counts only where both have it */
	RULE_CODES,		/* notes: of them the codes, which are derived */
	RULE_SHADOW,		/* the value beside it in words: never counts */
};

struct rules;

/* The default rules, by hashes that start from `seed`. */
struct rules *rules_new(uint64_t seed);
void rules_free(struct rules *rules);

/*
 * `--ignore`: a list of names (ioctls, other calls, exit reasons, types of
 * line) and paths (".in.cr4", "KVM_SET_SREGS.in.cr4", ".guest"), with commas.
 * `--unmask`: a list of the classes of rules_class_name(). -EINVAL: a sentence
 * is in `error`.
 */
int rules_ignore(struct rules *rules, const char *list, struct buffer *error);
int rules_unmask(struct rules *rules, const char *list, struct buffer *error);

/* The classes of what the host decides; NULL behind the last. */
const char *rules_class_name(size_t index);

/*
 * A place in a line is a hash: that of its keys from the top on, without the
 * indices of arrays. `call` is the hash of the call's name (of the type, where
 * a line has no name); a rule may be for one call or for all.
 */
uint64_t rules_name(const struct rules *rules, const char *name, size_t length);
uint64_t rules_top(const struct rules *rules);
enum rule rules_find(const struct rules *rules, uint64_t call, uint64_t place);

/* Does --ignore name a whole line, so that names have to be looked up? */
bool rules_has_names(const struct rules *rules);

/* For rules_abi.c: a rule for the path `keys`, with dots, of `call` (NULL:
 * of all). */
void rules_add(struct rules *rules, const char *call, const char *keys,
	       enum rule rule);
/* Adds the rules that the tables of abi/ tell. */
void rules_add_abi(struct rules *rules);

#endif
