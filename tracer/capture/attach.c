#include "capture/attach.h"

#include <dirent.h>
#include <errno.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/user.h>

#include "capture/spawn.h"

/* Is a signal waiting that the thread doesn't block? */
static bool has_pending_signal(pid_t tid)
{
	uint64_t own = 0, shared = 0, blocked = 0;
	char path[32], line[256];
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	status = fopen(path, "re");
	if (!status)
		return true;
	while (fgets(line, sizeof(line), status)) {
		char *value = strchr(line, ':');

		if (!value)
			continue;
		if (!strncmp(line, "SigPnd:", 7))
			own = strtoull(value + 1, NULL, 16);
		else if (!strncmp(line, "ShdPnd:", 7))
			shared = strtoull(value + 1, NULL, 16);
		else if (!strncmp(line, "SigBlk:", 7))
			blocked = strtoull(value + 1, NULL, 16);
	}
	fclose(status);
	return ((own | shared) & ~blocked) != 0;
}

/*
 * Calls that give EINTR when a stop interrupts them, even without a signal
 * handler (signal(7), "Interruption of system calls ... by stop signals");
 * the kernel restarts all others by itself.
 */
static bool is_broken_by_stop(const struct user_regs_struct *regs)
{
	switch (regs->orig_rax) {
	case SYS_ioctl:
		return (uint32_t)regs->rsi == KVM_RUN;
	case SYS_epoll_wait:
	case SYS_epoll_pwait:
	case SYS_epoll_pwait2:
	case SYS_semop:
	case SYS_semtimedop:
	case SYS_rt_sigtimedwait:
	case SYS_io_getevents:
		return true;
	default:
		return false;
	}
}

bool attach_restart_call(struct thread *thread)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, thread->tid, 0, &regs) < 0 ||
	    regs.rax != (unsigned long long)-EINTR ||
	    !is_broken_by_stop(&regs) || has_pending_signal(thread->tid))
		return false;
	regs.rax = regs.orig_rax;
	regs.orig_rax = (unsigned long long)-1;
	regs.rip -= 2;
	return ptrace(PTRACE_SETREGS, thread->tid, 0, &regs) == 0;
}

/* Seize one thread and have it stop soon; -errno. */
static int seize_thread(struct engine *engine, pid_t pid, pid_t tid)
{
	struct thread *leader;

	if (ptrace(PTRACE_SEIZE, tid, 0, spawn_ptrace_options(false)) < 0)
		return -errno;
	leader = tracees_find(&engine->tracees, pid);
	if (tid == pid)
		life_begin(engine, pid);
	else
		tracees_add(&engine->tracees, tid, leader->process);
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
	return 0;
}

/* One pass over the threads; how many were new, or -errno for the leader. */
static int seize_new(struct engine *engine, pid_t pid, DIR *tasks)
{
	struct dirent *entry;
	int found = 0;

	while ((entry = readdir(tasks))) {
		pid_t tid = (pid_t)atoi(entry->d_name);
		int error;

		if (tid <= 0 || tracees_find(&engine->tracees, tid))
			continue;
		/* Others may end meanwhile; without the leader nothing goes. */
		error = seize_thread(engine, pid, tid);
		if (error && tid == pid)
			return error;
		found += !error;
	}
	return found;
}

int attach_seize_all(struct engine *engine, pid_t pid)
{
	int found = seize_thread(engine, pid, pid);
	char path[32];

	if (found < 0)
		return found;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	do {
		DIR *tasks = opendir(path);

		if (!tasks)
			return -errno;
		found = seize_new(engine, pid, tasks);
		closedir(tasks);
	} while (found > 0);
	return found;
}
