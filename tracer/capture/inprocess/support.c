#include "capture/inprocess/support.h"

#include <asm/hwcap2.h>
#include <cpuid.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#define CLOCK_SOURCE \
	"/sys/devices/system/clocksource/clocksource0/current_clocksource"

/* For rdfsbase, which names the agent's thread (kernel: x86_64/fsgs.rst). */
static bool has_fsgsbase(void)
{
	return getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE;
}

/* It keeps the flags by lahf (SDM vol. 2A, CPUID 80000001h: ECX bit 0). */
static bool has_lahf(void)
{
	unsigned int eax, ebx, ecx, edx;

	return __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) &&
	       (ecx & bit_LAHF_LM);
}

/* The kernel trusts the counter to be the same on all CPUs, and so may we. */
static bool has_tsc_clock(void)
{
	char name[16] = "";
	FILE *file = fopen(CLOCK_SOURCE, "re");

	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return !strcmp(name, "tsc\n");
}

/* Kernels may lack it (CONFIG_SYSVIPC), and segments are counted: shmget(2). */
static bool has_shared_memory(void)
{
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);

	return id >= 0 && !shmctl(id, IPC_RMID, NULL);
}

const char *inprocess_find_obstacle(void)
{
	static const struct {
		bool (*is_there)(void);
		const char *obstacle;
	} needs[] = {
		{ has_fsgsbase, "the processor or the kernel lacks FSGSBASE" },
		{ has_lahf, "the processor lacks LAHF in 64-bit mode" },
		{ has_tsc_clock,
		  "the kernel's clock isn't the time-stamp counter" },
		{ has_shared_memory, "there is no System V shared memory" },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (!needs[i].is_there())
			return needs[i].obstacle;
	return NULL;
}
