#include "view/view_pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* NULL: the usual one; "": none. */
static const char *get_command(void)
{
	const char *command = getenv("KVMTRACE_PAGER");

	if (!command)
		command = getenv("PAGER");
	return command && !strcmp(command, "cat") ? "" : command;
}

/* In the child. Where less isn't installed, cat does. */
static void run(const char *command, int input)
{
	signal(SIGPIPE, SIG_DFL);
	dup2(input, STDIN_FILENO);
	setenv("LESS", "FRX", 0);
	if (command) {
		/* A pager that isn't there has read nothing: cat it is then. */
		setenv("KVMTRACE_PAGER", command, 1);
		execl("/bin/sh", "sh", "-c", "eval \"$KVMTRACE_PAGER\" || "
		      "{ [ $? != 127 ] || exec cat; }", (char *)NULL);
	} else {
		execlp("less", "less", (char *)NULL);
		execlp("cat", "cat", (char *)NULL);
	}
	_exit(127);
}

pid_t view_pager_start(int *ret_fd)
{
	const char *command = get_command();
	int ends[2];
	pid_t pager;

	if (command && !*command)
		return 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pager = fork();
	if (!pager)
		run(command, ends[0]);
	close(ends[0]);
	if (pager < 0) {
		pager = -errno;
		close(ends[1]);
		return pager;
	}
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	*ret_fd = ends[1];
	return pager;
}

void view_pager_finish(pid_t pager)
{
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
}
