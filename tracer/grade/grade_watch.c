#include "grade/grade_watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 20
/* EXITKILL has ended them; so long may it take until they are gone. */
#define REST_S 5.0

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void keep(struct grade_output *output, const char *bytes, size_t count)
{
	size_t room = output->most_bytes - output->kept.length;

	output->is_cut |= count > room;
	buffer_add(&output->kept, bytes, count < room ? count : room);
}

/*
 * What is there now, but no more than a pipe holds a few times over: somebody
 * who floods it must not keep us from looking at the time.
 */
static void drain(struct grade_output *output)
{
	char bytes[1 << 16];

	for (int i = 0; i < 16 && output->fd >= 0; i++) {
		ssize_t count = read(output->fd, bytes, sizeof(bytes));

		if (count < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (count > 0) {
			keep(output, bytes, (size_t)count);
			continue;
		}
		close(output->fd);
		output->fd = -1;
	}
}

static void drain_all(struct grade_watch *watch)
{
	for (size_t i = 0; i < 2; i++)
		drain(&watch->outputs[i]);
}

static void wait_for_output(const struct grade_watch *watch)
{
	/* poll(2) ignores negative descriptors. */
	struct pollfd fds[2] = {
		{ .fd = watch->outputs[0].fd, .events = POLLIN },
		{ .fd = watch->outputs[1].fd, .events = POLLIN },
	};

	poll(fds, 2, TICK_MS);
}

/*
 * Orphans have become our children: they are only buried. 1: the tracer has
 * ended; 0: not yet. A program of the same user may stop it: then it goes on.
 */
static int look_after(const struct grade_watch *watch, int *ret_status)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | __WALL)) > 0) {
		if (pid != watch->tracer)
			continue;
		if (WIFSTOPPED(status)) {
			kill(pid, SIGCONT);
			continue;
		}
		*ret_status = status;
		return 1;
	}
	return pid < 0 && errno != EINTR ? -errno : 0;
}

static void wait_for_rest(struct grade_watch *watch)
{
	double deadline = now_s() + REST_S;

	while (now_s() < deadline) {
		pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);

		if (pid < 0 && errno == ECHILD)
			return;
		drain_all(watch);
		if (!pid)
			wait_for_output(watch);
	}
}

int grade_watch(struct grade_watch *watch, int *ret_status, bool *ret_killed)
{
	double deadline = now_s() + watch->timeout_s;
	int found;

	*ret_killed = false;
	while (!(found = look_after(watch, ret_status))) {
		if (!*ret_killed && now_s() >= deadline) {
			*ret_killed = true;
			kill(watch->tracer, SIGKILL);
		}
		wait_for_output(watch);
		drain_all(watch);
	}
	wait_for_rest(watch);
	drain_all(watch);
	return found < 0 ? found : 0;
}
