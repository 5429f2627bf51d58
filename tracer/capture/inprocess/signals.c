#include "capture/inprocess/signals.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/ptrace.h>

bool signals_read(pid_t tid, struct signals *ret)
{
	char path[32], line[256];
	FILE *file;
	int found = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		found += sscanf(line, "SigIgn: %" SCNx64, &ret->ignored) == 1 ||
			 sscanf(line, "SigCgt: %" SCNx64, &ret->caught) == 1 ||
			 sscanf(line, "Seccomp_filters: %" SCNu64,
				&ret->filters) == 1;
	fclose(file);
	return found == 3;
}

bool signals_read_mask(pid_t tid, uint64_t *ret_mask)
{
	return !ptrace(PTRACE_GETSIGMASK, tid, KERNEL_SIGSET_BYTES, ret_mask);
}

void signals_write_mask(pid_t tid, uint64_t mask)
{
	ptrace(PTRACE_SETSIGMASK, tid, KERNEL_SIGSET_BYTES, &mask);
}
