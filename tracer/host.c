#include "host.h"

#include <cpuid.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* CPUID leaf 0 gives the vendor in EBX, EDX, ECX (SDM vol. 2A, CPUID). */
static void read_vendor(char *vendor)
{
	unsigned int eax, words[3];

	if (!__get_cpuid(0, &eax, &words[0], &words[2], &words[1]))
		return;
	memcpy(vendor, words, sizeof(words));
	vendor[sizeof(words)] = '\0';
}

/* The module that drives the hardware; only the common part when built in. */
static void read_module(char *module, size_t size)
{
	static const char *const names[] = { "kvm_intel", "kvm_amd", "kvm_pvm",
					     "kvm" };
	char path[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", names[i]);
		if (access(path, F_OK))
			continue;
		snprintf(module, size, "%s", names[i]);
		return;
	}
}

void host_read(struct host *ret_host)
{
	struct utsname name;

	memset(ret_host, 0, sizeof(*ret_host));
	if (!uname(&name))
		snprintf(ret_host->kernel, sizeof(ret_host->kernel), "%s",
			 name.release);
	read_vendor(ret_host->cpu_vendor);
	read_module(ret_host->kvm_module, sizeof(ret_host->kvm_module));
}

/* proc(5): each argument in /proc/PID/cmdline ends with a NUL. */
void host_read_command(pid_t pid, struct host_command *ret_command)
{
	char path[32], *text = ret_command->text;
	size_t length = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	file = fopen(path, "re");
	if (file) {
		length = fread(text, 1, sizeof(ret_command->text) - 1, file);
		fclose(file);
	}
	text[length] = '\0';
	ret_command->argc = 0;
	for (char *end = text + length;
	     text < end && ret_command->argc < HOST_ARGUMENTS_MAX;
	     text += strlen(text) + 1)
		ret_command->argv[ret_command->argc++] = text;
}
