/* The machine that a trace is taken on, for trace_start. */
#ifndef HOST_H
#define HOST_H

#include <sys/types.h>

struct host {
	char kernel[80];
	char cpu_vendor[32];		/* empty: unknown */
	char kvm_module[32];		/* empty: no KVM */
};

void host_read(struct host *ret_host);

#define HOST_ARGUMENTS_MAX 256

/* The command line of a running process, as far as there is room. */
struct host_command {
	int argc;
	char *argv[HOST_ARGUMENTS_MAX];
	char text[8192];
};

void host_read_command(pid_t pid, struct host_command *ret_command);

#endif
