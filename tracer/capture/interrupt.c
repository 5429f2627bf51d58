#include "capture/interrupt.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define KILL_AFTER 3
#define KILL_WITHIN_S 2.0

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void wake_up(int signal)
{
	(void)signal;
}

static void watched_signals(sigset_t *ret_set)
{
	sigemptyset(ret_set);
	sigaddset(ret_set, SIGINT);
	sigaddset(ret_set, SIGTERM);
	sigaddset(ret_set, SIGHUP);
	sigaddset(ret_set, SIGQUIT);
}

void interrupt_prepare(struct interrupt *interrupt)
{
	struct sigaction action = { .sa_handler = wake_up };
	sigset_t set;

	sigaction(INTERRUPT_WAKE, &action, NULL);
	watched_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, &interrupt->original_mask);
}

/*
 * A key of the terminal signals the whole foreground process group: the
 * program has it already unless it left the group.
 */
static bool has_it_already(const struct interrupt *interrupt,
			   const siginfo_t *info)
{
	return info->si_code == SI_KERNEL &&
	       getpgid(interrupt->pid) == getpgrp();
}

static void pass_on(struct interrupt *interrupt, const siginfo_t *info,
		    double recent[KILL_AFTER], unsigned int *count)
{
	double now = now_s();

	if (interrupt->is_attached) {
		atomic_store(&interrupt->wants_detach, true);
		return;
	}
	if (!has_it_already(interrupt, info))
		kill(interrupt->pid, info->si_signo);
	recent[*count % KILL_AFTER] = now;
	++*count;
	if (*count >= KILL_AFTER &&
	    now - recent[*count % KILL_AFTER] < KILL_WITHIN_S)
		atomic_store(&interrupt->wants_kill, true);
}

/* Wait until a signal, or a moment for looking at the deadline and `stop`. */
static int wait_signal(const sigset_t *set, siginfo_t *info)
{
	struct timespec moment = { 0, 50 * 1000 * 1000 };
	int signal = sigtimedwait(set, info, &moment);

	return signal == INTERRUPT_WAKE ? 0 : signal;
}

static void *watch(void *argument)
{
	struct interrupt *interrupt = argument;
	double deadline = now_s() + interrupt->timeout_s;
	double recent[KILL_AFTER] = { 0 };
	unsigned int count = 0;
	siginfo_t info;
	sigset_t set;

	watched_signals(&set);
	sigaddset(&set, INTERRUPT_WAKE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	while (!atomic_load(&interrupt->stop)) {
		if (wait_signal(&set, &info) > 0)
			pass_on(interrupt, &info, recent, &count);
		if (interrupt->timeout_s > 0 && now_s() >= deadline &&
		    !atomic_exchange(&interrupt->timed_out, true))
			atomic_store(interrupt->is_attached ?
				     &interrupt->wants_detach :
				     &interrupt->wants_kill, true);
		/* Until the loop has ended: one wake-up could come too early. */
		if (atomic_load(&interrupt->wants_kill) ||
		    atomic_load(&interrupt->wants_detach))
			pthread_kill(interrupt->loop, INTERRUPT_WAKE);
	}
	return NULL;
}

int interrupt_start(struct interrupt *interrupt, pid_t pid, bool is_attached,
		    double timeout_s)
{
	int error;

	interrupt->pid = pid;
	interrupt->is_attached = is_attached;
	interrupt->timeout_s = timeout_s;
	interrupt->loop = pthread_self();
	error = pthread_create(&interrupt->watcher, NULL, watch, interrupt);
	interrupt->has_watcher = !error;
	return -error;
}

void interrupt_stop(struct interrupt *interrupt)
{
	atomic_store(&interrupt->stop, true);
	if (interrupt->has_watcher) {
		pthread_kill(interrupt->watcher, INTERRUPT_WAKE);
		pthread_join(interrupt->watcher, NULL);
	}
	interrupt->has_watcher = false;
	pthread_sigmask(SIG_SETMASK, &interrupt->original_mask, NULL);
}
