/*
 * Watches the tracer of one run from outside: takes what the program prints,
 * and sees to it that the run ends, whatever the program does to its tracer.
 */
#ifndef GRADE_WATCH_H
#define GRADE_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buffer.h"

/* One of the program's outputs: a pipe, and what came out of it. */
struct grade_output {
	int fd;			/* -1: it is at its end */
	size_t most_bytes;	/* are kept; what comes behind is dropped */
	struct buffer kept;
	bool is_cut;
};

struct grade_watch {
	pid_t tracer;
	double timeout_s;	/* after which the tracer is killed */
	struct grade_output outputs[2];
};

/*
 * Until the tracer has ended, and all that was left to this process, which
 * must be a subreaper (prctl(2)). *ret_killed: the tracer took too long. 0
 * with its wait status, or -errno.
 */
int grade_watch(struct grade_watch *watch, int *ret_status, bool *ret_killed);

#endif
