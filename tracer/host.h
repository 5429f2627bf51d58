/* The machine that a trace is taken on, for trace_start. */
#ifndef HOST_H
#define HOST_H

struct host {
	char kernel[80];
	char cpu_vendor[32];		/* empty: unknown */
	char kvm_module[32];		/* empty: no KVM */
};

void host_read(struct host *ret_host);

#endif
