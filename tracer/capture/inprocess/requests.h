/* Which requests the agent takes, and what it copies of them. */
#ifndef CAPTURE_INPROCESS_REQUESTS_H
#define CAPTURE_INPROCESS_REQUESTS_H

#include "capture/capture.h"
#include "capture/inprocess/layout.h"

/*
 * By REQUEST_INDEX(). The tracer keeps those that make
 * descriptors, change what the guest will see, have arguments of no fixed
 * size, or are to be answered by an injection.
 */
void requests_fill(const struct ptrace_options *options,
		   struct agent_request ret_requests[AGENT_REQUESTS]);

#endif
