#include "capture/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/filter.h"
#include "capture/inprocess/inprocess.h"

long spawn_ptrace_options(bool kill_with_tracer)
{
	return PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP |
	       PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
	       PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |
	       (kill_with_tracer ? PTRACE_O_EXITKILL : 0);
}

/* What the child tells the parent when it can't run the program. */
struct spawn_report {
	enum capture_failure failure;
	int error;
};

/* Between fork and exec: wait to be seized, then become the program. */
static _Noreturn void run_child(const struct ptrace_options *options,
				const sigset_t *mask, int go_fd, int report_fd)
{
	const struct capture_bounds *bounds = options->bounds;
	struct spawn_report report = { FAILED_BOUNDS, 0 };
	char go;

	if (read(go_fd, &go, 1) != 1)
		_exit(125);
	if (options->stdout_to_stderr)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	if (bounds)
		report.error = bounds->enter(bounds->context);
	if (!report.error) {
		report.failure = FAILED_FILTER;
		report.error = filter_install(options->inprocess ?
					      inprocess_free_ip() : 0);
	}
	if (!report.error) {
		sigprocmask(SIG_SETMASK, mask, NULL);
		execvp(options->argv[0], options->argv);
		report.failure = FAILED_EXEC;
		report.error = -errno;
	}
	while (write(report_fd, &report, sizeof(report)) < 0 && errno == EINTR)
		;
	_exit(127);
}

/*
 * Let the child run up to the stop in its exec: 0, with *ret_status -1. When it
 * ended before, *ret_status is how. -errno when waiting failed.
 */
static int wait_for_exec(pid_t pid, int *ret_status)
{
	int status;

	*ret_status = -1;

	for (;;) {
		int signal;

		if (waitpid(pid, &status, __WALL) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (!WIFSTOPPED(status)) {
			*ret_status = status;
			return 0;
		}
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
			return 0;
		/* Stops of the filter and others before the exec are ours. */
		signal = status >> 16 ? 0 : WSTOPSIG(status);
		ptrace(PTRACE_CONT, pid, 0, (long)signal);
	}
}

static int drive_child(pid_t pid, int go_fd, int report_fd, int *ret_status,
		       enum capture_failure *ret_failure)
{
	struct spawn_report report = { FAILED_FORK, -ECHILD };

	if (ptrace(PTRACE_SEIZE, pid, 0, spawn_ptrace_options(true)) < 0) {
		int error = -errno;

		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
		*ret_failure = FAILED_SEIZE;
		return error;
	}
	if (write(go_fd, "g", 1) == 1 && !wait_for_exec(pid, ret_status) &&
	    *ret_status < 0)
		return 0;
	/* An unread report leaves the default: the child vanished … */
	if (read(report_fd, &report, sizeof(report)) < 0)
		report.error = -errno;
	/* … or had closed it, in an exec that killed it. */
	if (report.failure == FAILED_FORK && WIFSIGNALED(*ret_status))
		return 0;
	*ret_failure = report.failure;
	return report.error;
}

int spawn_program(const struct ptrace_options *options, const sigset_t *mask,
		  pid_t *ret_pid, int *ret_status,
		  enum capture_failure *ret_failure)
{
	int go[2], report[2];
	int error;
	pid_t pid;

	*ret_failure = FAILED_FORK;
	if (pipe2(go, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(report, O_CLOEXEC) < 0) {
		error = -errno;
		close(go[0]);
		close(go[1]);
		return error;
	}
	pid = fork();
	if (!pid) {
		close(go[1]);
		run_child(options, mask, go[0], report[1]);
	}
	error = pid < 0 ? -errno : 0;
	close(go[0]);
	close(report[1]);
	if (!error)
		error = drive_child(pid, go[1], report[0], ret_status,
				    ret_failure);
	close(go[1]);
	close(report[0]);
	if (!error)
		*ret_pid = pid;
	return error;
}
