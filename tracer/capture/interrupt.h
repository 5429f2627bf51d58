/*
 * Signals to kvmtrace itself, and the time limit. A thread of the tracer's
 * own waits for them, so that the tracing loop can sleep in waitpid() and no
 * handler needs globals: SIGINT, SIGTERM and SIGHUP are passed on to the
 * traced program (the terminal has already given it its own SIGINT); three of
 * them within two seconds, or the time limit, kill it. An attached program is
 * let go instead.
 */
#ifndef CAPTURE_INTERRUPT_H
#define CAPTURE_INTERRUPT_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* Makes waitpid() in the loop return; its handler does nothing. */
#define INTERRUPT_WAKE SIGUSR2

struct interrupt {
	pthread_t watcher, loop;
	sigset_t original_mask;
	pid_t pid;
	bool is_attached;
	bool has_watcher;
	double timeout_s;
	atomic_bool wants_kill;		/* the loop shall kill all and go on */
	atomic_bool wants_detach;	/* the loop shall let all go and end */
	atomic_bool timed_out;
	atomic_bool stop;
};

/* Block the signals in the calling thread, before anything is forked. */
void interrupt_prepare(struct interrupt *interrupt);
/* Watch on behalf of the calling thread's loop. 0 or -errno. */
int interrupt_start(struct interrupt *interrupt, pid_t pid, bool is_attached,
		    double timeout_s);
void interrupt_stop(struct interrupt *interrupt);

#endif
