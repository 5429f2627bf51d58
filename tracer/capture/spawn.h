/*
 * Start the traced program: seized by ptrace before its first instruction,
 * with the filter in place from its exec on.
 */
#ifndef CAPTURE_SPAWN_H
#define CAPTURE_SPAWN_H

#include <signal.h>
#include <sys/types.h>

#include "capture/capture.h"

/* The options of every seizure (ptrace(2), PTRACE_SETOPTIONS). */
long spawn_ptrace_options(bool kill_with_tracer);

/*
 * On success *ret_pid is stopped in PTRACE_EVENT_EXEC, or the exec killed it
 * (a damaged file): then *ret_status is how it ended, as from waitpid(),
 * otherwise -1. `mask` is the signal mask that the program shall have. 0 or
 * -errno with *ret_failure.
 */
int spawn_program(const struct ptrace_options *options, const sigset_t *mask,
		  pid_t *ret_pid, int *ret_status,
		  enum capture_failure *ret_failure);

#endif
