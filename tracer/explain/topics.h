/*
 * The words around KVM's interface: modes of the processor, kinds of memory,
 * the life of a vCPU, how kvmtrace sees it. Rows only; topics.c finds
 * and prints them. A topic may bear the name of an exit or an errno: then it
 * says what the tables can't, causes and remedies.
 */
#ifndef EXPLAIN_TOPICS_H
#define EXPLAIN_TOPICS_H

#include <stddef.h>

struct explain_topic {
	/* Names, the first one shown: "pio, port I/O". Blanks, dashes and
	 * underscores are alike. */
	const char *names;
	const char *title;
	const char *text;
	const char *see;	/* names that explain knows: "paging, CR0" */
};

/* What belongs together in the list of all topics. */
struct explain_topics {
	const char *heading;
	const struct explain_topic *list;
	size_t count;
};

#define EXPLAIN_TOPICS(variable, heading_, list_)                             \
	const struct explain_topics variable = {                              \
		(heading_), (list_), sizeof(list_) / sizeof((list_)[0]) }

extern const struct explain_topics explain_topics_modes, explain_topics_memory,
	explain_topics_vcpu, explain_topics_exits, explain_topics_tracer;

/* All of them, in the order in which they are listed. */
extern const struct explain_topics *const explain_topics[];
extern const size_t explain_topics_count;

#endif
