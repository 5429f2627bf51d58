/*
 * Between normalise.c, which reads lines, and normalise_value.c, which reads
 * the values in them.
 */
#ifndef COMPARE_NORMALISE_INTERNAL_H
#define COMPARE_NORMALISE_INTERNAL_H

#include "compare/names.h"
#include "compare/normalise.h"

/* Keys at the top of a line that decide how the others are read. */
enum head {
	HEAD_TYPE, HEAD_NAME, HEAD_ON, HEAD_VM, HEAD_VCPU, HEAD_TID, HEAD_SEQ,
	HEAD_RET, HEAD_PORT, HEAD_EVENT, HEAD_IN, HEAD_EXIT, HEAD_TRUNCATED,
	HEAD_SCHEMA,
	HEAD_COUNT
};

struct normaliser {
	const struct rules *rules;
	struct names names;
	struct buffer members;	/* struct json_member, of the line */
	struct json_span heads[HEAD_COUNT];	/* length 0: absent */
	struct hash_map keys;	/* of the line: none may stand twice */
	struct buffer scratch;
	const char *error;
	size_t error_at;

	/* The line that is being read. */
	const char *line;
	uint64_t call;		/* whose rules hold */
	bool is_console;
	struct event *event;
	uint64_t identity;
	normalise_visit *visit;
	void *context;
};

/* Sets the reason; returns -EBADMSG. `why` is a literal. */
int normaliser_refuse(struct normaliser *normaliser, const char *why,
		      size_t at);

/* From a value's rule and those above it. */
enum standing { STANDING_OWN, STANDING_DERIVED, STANDING_OPTIONAL };

/*
 * Visits the values from this one on and adds them to the event's hash.
 * `place` has its parent and its key or index; `above` is its parent's rule.
 */
int normaliser_read_value(struct normaliser *normaliser, struct place *place,
			  struct json_span value, enum rule above,
			  enum standing standing);

#endif
