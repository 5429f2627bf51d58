/* What starter.c and starter_checks.c share. */
#ifndef COMPARE_STARTER_INTERNAL_H
#define COMPARE_STARTER_INTERNAL_H

#include <jansson.h>
#include <stdbool.h>

/*
 * What is known of the reference. Keys of the objects stand in the order of
 * the trace, which jansson keeps.
 */
struct starter {
	json_t *calls;		/* name: {where: how many}, "" for none */
	json_t *exits;		/* reason: {where: how many} */
	json_t *lines;		/* what the guest printed: a set */
	json_t *order;		/* names, as they came first */
	json_t *vars;		/* PORT_E9: 233 */
	json_t *argv;		/* of trace_start */
	json_t *status;		/* of trace_end */
	json_t *last_exit;	/* a reason */
	json_t *last_rax;	/* behind it, as KVM_GET_REGS gave it */
	json_t *checks;		/* what is being made */
};

/* An event of the reference. */
void starter_see(struct starter *starter, const json_t *event);
/* The checks, when all events were seen. */
void starter_make_checks(struct starter *starter);

#endif
