/*
 * Where the tracer runs. A stop costs two wake-ups; across processors each is
 * an interrupt to an idle one, several times dearer than a switch on the same
 * processor (measured in a virtual machine: 150 us against 45 us a call of two
 * stops). The scheduler would put the program, when the tracer wakes it, on
 * another, idle processor, unless the one where the tracer runs counts as idle
 * too: when only SCHED_IDLE tasks run there (sched_idle_cpu() in
 * kernel/sched/fair.c). So, while one thread makes all the stops, the tracer
 * goes to that thread's processor and runs as SCHED_IDLE.
 *
 * The program's own scheduling is never touched. Where other work makes the
 * tracer wait, it goes back to being an ordinary task; where it could not go
 * back (sched(7): that takes CAP_SYS_NICE or RLIMIT_NICE), it doesn't start.
 */
#ifndef CAPTURE_FOLLOW_H
#define CAPTURE_FOLLOW_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct follower {
	bool is_allowed;
	bool is_following;
	cpu_set_t own_cpus;	/* as the tracer was started */
	int cpu;		/* that it follows to */
	pid_t tid;		/* that made the last stops */
	uint64_t streak;	/* how many */
	uint64_t wait_ns;	/* for a processor, at the last check */
	uint64_t needed;	/* streak that starts it: more after each crowd */
};

void follower_init(struct follower *follower);
/* A stop of this thread: perhaps follow it, or stop following another. */
void follower_stop(struct follower *follower, pid_t tid);
void follower_leave(struct follower *follower);

#endif
