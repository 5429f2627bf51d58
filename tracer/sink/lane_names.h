/*
 * What slices of a timeline are called, and the arguments that say the rest.
 * For tracer/sink/lanes.c only.
 */
#ifndef SINK_LANE_NAMES_H
#define SINK_LANE_NAMES_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"

/* How a KVM_RUN ended: "IO out 0xe9", "MMIO write 0x20000", "HLT", "EINTR". */
void lane_names_add_run(struct buffer *out, const json_t *event);

/*
 * All members of the event that lanes don't show themselves, as a new object
 * of the caller's. Integers that a double can't hold become strings.
 */
json_t *lane_names_new_arguments(const json_t *event, bool has_flow);

#endif
