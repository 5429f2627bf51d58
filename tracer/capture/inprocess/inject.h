/* Putting the agent into a process. */
#ifndef CAPTURE_INPROCESS_INJECT_H
#define CAPTURE_INPROCESS_INJECT_H

#include "capture/inprocess/agent.h"
#include "capture/inprocess/remote.h"

/*
 * Put the agent into the process of `remote`'s thread. 0 or -errno; then *ret_why
 * names what was refused, and the process is as it was.
 */
int inject_agent(struct remote *remote, const struct process *process,
		 const struct agent_request *requests,
		 struct agent **ret_agent, const char **ret_why);

#endif
