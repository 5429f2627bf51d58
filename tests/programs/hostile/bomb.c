/*
 * bomb: works, then makes processes without end; "untraced" ones, "orphans"
 * that a process leaves behind, or "threads".
 */
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "hostile.h"

static void *sleep_on(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void make_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, sleep_on, NULL))
		usleep(1000);
}

/* Either way of making one that no tracer sees. */
static void make_untraced(void)
{
	struct clone_args args = { .flags = CLONE_UNTRACED,
				   .exit_signal = SIGCHLD };

	if (syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0) == 0 ||
	    syscall(SYS_clone3, &args, sizeof(args)) == 0)
		sleep_on(NULL);
}

/* The child makes the next and ends: there are never many. */
static void make_orphan(void)
{
	if (fork() > 0)
		_exit(0);
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";

	work();
	signal(SIGTERM, SIG_IGN);
	for (;;)
		if (!strcmp(kind, "threads"))
			make_thread();
		else if (!strcmp(kind, "untraced"))
			make_untraced();
		else if (!strcmp(kind, "orphans"))
			make_orphan();
		else
			fork();
}
