#include "capture/waiting.h"

#include <errno.h>
#include <sys/wait.h>

#include "capture/inprocess/rings.h"

/* A thread's later event replaces its earlier: it was killed in that stop. */
static void add_waited(struct engine *engine, pid_t tid, int status)
{
	struct waited *waited = &engine->waited;
	size_t i = 0;

	if (WIFSTOPPED(status) && !tracees_find(&engine->tracees, tid))
		tracees_add(&engine->tracees, tid, NULL);
	while (i < waited->count && waited->events[i].tid != tid)
		i++;
	waited->events[i].tid = tid;
	waited->events[i].status = status;
	if (i == waited->count)
		waited->count++;
}

/*
 * waitpid() alone always picks the newest of the threads that have stopped
 * (kernel/ptrace.c, __ptrace_link() adds in front): a few busy threads would
 * keep the older ones waiting for ever.
 */
bool waiting_take(struct engine *engine)
{
	int status;
	pid_t tid = waitpid(-1, &status, __WALL);
	bool is_woken = tid < 0 && errno == EINTR;

	engine->waited.count = 0;
	if (is_woken)
		rings_drain(engine);
	if (tid < 0)
		return is_woken;
	add_waited(engine, tid, status);
	while (engine->tracees.count > 1 &&
	       engine->waited.count < WAITED_MAX &&
	       (tid = waitpid(-1, &status, __WALL | WNOHANG)) > 0)
		add_waited(engine, tid, status);
	return true;
}
