/* All threads' rings: when they are read, and in which order. */
#ifndef CAPTURE_INPROCESS_RINGS_H
#define CAPTURE_INPROCESS_RINGS_H

#include "capture/engine.h"
#include "capture/inprocess/agent.h"

struct inprocess;

void rings_add(struct inprocess *inprocess, struct thread_ring *ring);
/* The thread's, which has been read to its end; it is freed. */
void rings_drop(struct inprocess *inprocess, struct thread *thread);
void rings_done(struct inprocess *inprocess);

/*
 * Hand out all that the agents have written down, in the order in which the
 * calls ended. Nothing happens without the in-process engine.
 */
void rings_drain(struct engine *engine);

#endif
