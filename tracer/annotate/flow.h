/*
 * The flow: the six steps of the user/kernel diagram (user application, system
 * call handler, ioctl handler, driver operation and back) with the facts of
 * one call. Handlers' names are those of virt/kvm/kvm_main.c.
 */
#ifndef ANNOTATE_FLOW_H
#define ANNOTATE_FLOW_H

#include <stdbool.h>

#include "base/buffer.h"
#include "record/record.h"
#include "session/session.h"

#define FLOW_STEPS 6

struct flow_step {
	bool refused;		/* this step said no; those behind it say so */
	size_t offset, length;	/* its sentence, in flow.text */
};

/* Reused from call to call; zeroed it is valid. Released by flow_free(). */
struct flow {
	struct buffer text;
	struct flow_step steps[FLOW_STEPS];
	struct buffer device;	/* that the driver operation works on; empty: none */
};

/* The box of step 1 … 6, and the space that it is in: "user", "kernel". */
const char *flow_box(unsigned int step);
const char *flow_space(unsigned int step);

void flow_describe(struct flow *flow, const struct record *record,
		   const struct session_view *view);
void flow_free(struct flow *flow);

#endif
