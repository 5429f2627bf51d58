/*
 * signals: signals WHO NUMBER works, then sends the signal to its parent, the
 * parent's parent ("grader"), its process group, or to all that it may.
 */
#include <signal.h>

#include "hostile.h"

/* Field 4 of /proc/PID/stat, behind the name in parentheses: proc(5). */
static pid_t find_parent(pid_t pid)
{
	char path[32], text[512] = "";
	int fd, parent = 0;
	const char *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	vm_expect(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	end = strrchr(text, ')');
	vm_expect(end && sscanf(end + 1, " %*c %d", &parent) == 1);
	return parent;
}

static pid_t find(const char *who)
{
	if (!strcmp(who, "parent"))
		return getppid();
	if (!strcmp(who, "grader"))
		return find_parent(getppid());
	return !strcmp(who, "group") ? 0 : -1;
}

int main(int argc, char **argv)
{
	int error;

	vm_expect(argc == 3);
	work();
	error = kill(find(argv[1]), atoi(argv[2])) ? errno : 0;
	vm_say("kill: %s\n", strerror(error));
	/* Behind the signal, for a tracer that is stopped. */
	vm_expect(close(vm_open_kvm()) == 0);
	return error ? 3 : 0;
}
