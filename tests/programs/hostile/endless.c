/*
 * endless: works and never ends, whatever signal comes; "handler": spins in a
 * handler; "daemon": its child's child, in a session of its own, works and
 * stays when it has ended; "calls": makes KVM calls without end.
 */
#include <signal.h>

#include "hostile.h"

static void spin(int signal)
{
	(void)signal;
	for (;;)
		;
}

static void ignore_all(void)
{
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
}

static void become_daemon(void)
{
	if (fork() > 0)
		_exit(0);
	vm_expect(setsid() > 0);
	if (fork() > 0)
		_exit(0);
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	/* Until the first process has surely gone. */
	usleep(200 * 1000);
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";

	if (!strcmp(kind, "daemon"))
		become_daemon();
	work();
	if (!strcmp(kind, "calls"))
		for (int kvm = vm_open_kvm();;)
			vm_ioctl(kvm, KVM_GET_API_VERSION, 0);
	if (!strcmp(kind, "handler")) {
		vm_expect(signal(SIGALRM, spin) != SIG_ERR);
		raise(SIGALRM);
	}
	ignore_all();
	for (;;)
		pause();
}
