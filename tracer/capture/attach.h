/*
 * Coming to a program that runs already, and leaving it running, without its
 * noticing: neither may make KVM_RUN fail.
 */
#ifndef CAPTURE_ATTACH_H
#define CAPTURE_ATTACH_H

#include "capture/engine.h"

/*
 * Seize every thread of the process, again and again until no new one turns
 * up, and interrupt them so that they stop at their calls from now on. 0 or
 * -errno.
 */
int attach_seize_all(struct engine *engine, pid_t pid);

/*
 * Interrupting a thread makes KVM_RUN, and a few more calls, return EINTR, which
 * the program would not have seen without the tracer: set it back onto its `syscall`
 * instruction (two bytes), unless a signal of the program's own is due.
 * False when the thread, in a stop, isn't in that state.
 */
bool attach_restart_call(struct thread *thread);

#endif
