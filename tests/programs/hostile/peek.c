/*
 * peek: works, then looks for its trace: among its own descriptors, those of
 * other processes, their memory, and the files of temporary folders. What it
 * can open of a kvmtrace it spoils. Status 1: it could.
 */
#include <dirent.h>
#include <stdbool.h>
#include <sys/ptrace.h>

#include "hostile.h"

static bool spoil(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return false;
	vm_say("opened %s\n", path);
	if (write(fd, "{}\n", 3) < 0)
		vm_say("cannot write it\n");
	close(fd);
	return true;
}

static bool spoil_folder(const char *folder, const char *prefix)
{
	DIR *opened = opendir(folder);
	struct dirent *entry;
	bool found = false;
	char path[600];

	while (opened && (entry = readdir(opened))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) ||
		    *entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		found |= spoil(path);
	}
	if (opened)
		closedir(opened);
	return found;
}

static bool spoil_process(int pid)
{
	char path[64];
	bool found;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	found = spoil_folder(path, "");
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	found |= spoil(path);
	if (ptrace(PTRACE_ATTACH, pid, 0, 0))
		return found;
	vm_say("attached to %d\n", pid);
	return true;
}

static bool is_kvmtrace(int pid)
{
	char path[64], name[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	vm_expect(read(fd, name, sizeof(name) - 1) >= 0);
	close(fd);
	return !strncmp(name, "kvmtrace", 8);
}

int main(void)
{
	struct dirent *entry;
	DIR *processes;
	int seen = 0;
	bool found;

	for (int fd = 3; fd < 1024; fd++)
		vm_expect(fcntl(fd, F_GETFD) < 0);
	work();
	found = spoil_folder("/tmp", "kvmtrace-");
	processes = opendir("/proc");
	vm_expect(processes);
	while ((entry = readdir(processes)))
		if (is_kvmtrace(atoi(entry->d_name))) {
			seen++;
			found |= spoil_process(atoi(entry->d_name));
		}
	vm_expect(seen >= 2);
	return found;
}
