#include "capture/inprocess/inject.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "capture/memory.h"

static bool is_error(int64_t result)
{
	return result < 0 && result >= -4095;
}

/* Map at this very address; -EEXIST when something is there. */
static int map_at(struct remote *remote, uint64_t address, size_t length)
{
	const uint64_t args[6] = {
		address, length, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		(uint64_t)-1, 0,
	};
	int64_t result = remote_call(remote, SYS_mmap, args);

	if (is_error(result))
		return (int)result;
	if ((uint64_t)result == address)
		return 0;
	/* Before Linux 4.17 the flag is unknown and the address a hint. */
	remote_call(remote, SYS_munmap,
		    (const uint64_t[6]){ (uint64_t)result, length });
	return -EEXIST;
}

static int map_code(struct remote *remote, pid_t pid)
{
	const uint64_t protect[6] = { AGENT_CODE, AGENT_CODE_BYTES,
				      PROT_READ | PROT_EXEC };
	int error = map_at(remote, AGENT_CODE, AGENT_CODE_BYTES);

	if (!error)
		error = memory_write(pid, AGENT_CODE, agent_begin,
				     (size_t)(agent_end - agent_begin));
	return error ? error : (int)remote_call(remote, SYS_mprotect, protect);
}

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18	/* Linux 4.14, <asm-generic/mman-common.h> */
#endif

/* A child of fork must not take its maker's tables for its own. */
static int map_private(struct remote *remote)
{
	const uint64_t wipe[6] = { AGENT_PRIVATE, PRIVATE_BYTES,
				   MADV_WIPEONFORK };
	int error = map_at(remote, AGENT_PRIVATE, PRIVATE_BYTES);

	return error ? error : (int)remote_call(remote, SYS_madvise, wipe);
}

/* With mlockall(2) every page that is mapped takes memory at once. */
static bool is_locking(pid_t pid)
{
	unsigned long locked_kib = 0;
	char path[32], line[256];
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "VmLck: %lu", &locked_kib) == 1)
			break;
	if (status)
		fclose(status);
	return locked_kib != 0;
}

/*
 * As many slots as the program's limit on locked memory leaves room for. A core
 * dump is the program's, without them.
 */
static int map_rings(struct remote *remote, pid_t pid, struct area **ret_area)
{
	int error = -ENOMEM;

	uint32_t most = is_locking(pid) ? AREA_SLOTS_MAX / 4 : AREA_SLOTS_MAX;

	for (uint32_t slots = most; slots && error; slots /= 4) {
		struct area *area;
		int64_t result;

		error = area_new(pid, slots, &area);
		if (error)
			return error;
		result = remote_call(remote, SYS_shmat,
				     (const uint64_t[6]){
					(uint64_t)area->id, AGENT_SHARED });
		error = is_error(result) ? (int)result : 0;
		if (error) {
			area_unref(area);
			continue;
		}
		remote_call(remote, SYS_madvise,
			    (const uint64_t[6]){ AGENT_SHARED,
				area_bytes(slots), MADV_DONTDUMP });
		*ret_area = area;
	}
	return error;
}

/* What of the agent is in the process, one after the other. */
enum stage { NOTHING, CODE, PRIVATE, SHARED };

static void unmap(struct remote *remote, enum stage stage)
{
	if (stage >= SHARED)
		remote_call(remote, SYS_shmdt,
			    (const uint64_t[6]){ AGENT_SHARED });
	if (stage >= PRIVATE)
		remote_call(remote, SYS_munmap, (const uint64_t[6]){
			AGENT_PRIVATE, PRIVATE_BYTES });
	if (stage >= CODE)
		remote_call(remote, SYS_munmap, (const uint64_t[6]){
			AGENT_CODE, AGENT_CODE_BYTES });
}

/* An id of shared memory means another segment in another namespace. */
static bool is_in_our_namespace(pid_t tid)
{
	struct stat own, its;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/ipc", (int)tid);
	return !stat("/proc/self/ns/ipc", &own) && !stat(path, &its) &&
	       own.st_ino == its.st_ino && own.st_dev == its.st_dev;
}

/* What we took the program would lack. */
static bool is_limited(pid_t tid)
{
	struct rlimit limit;

	return prlimit(tid, RLIMIT_AS, NULL, &limit) ||
	       limit.rlim_cur != RLIM_INFINITY;
}

/* *ret_stage: how far it came. */
static int map_all(struct remote *remote, enum stage *ret_stage,
		   struct area **ret_area, const char **ret_why)
{
	int error;

	*ret_why = "it has shared memory of its own, in an IPC namespace";
	if (!is_in_our_namespace(remote->tid))
		return -EPERM;
	*ret_why = "its address space is limited (RLIMIT_AS)";
	if (is_limited(remote->tid))
		return -EPERM;
	*ret_why = "the place of its code is taken, or refused";
	error = map_code(remote, remote->tid);
	if (error)
		return error;
	*ret_stage = CODE;
	*ret_why = "the place of its private page is taken, or refused";
	error = map_private(remote);
	if (error)
		return error;
	*ret_stage = PRIVATE;
	*ret_why = "shared memory can't be attached";
	error = map_rings(remote, remote->tid, ret_area);
	if (!error)
		*ret_stage = SHARED;
	return error;
}

int inject_agent(struct remote *remote, const struct process *process,
		 const struct agent_request *requests,
		 struct agent **ret_agent, const char **ret_why)
{
	struct patches *patches = patches_new(agent_address(agent_begin));
	enum stage stage = NOTHING;
	struct area *area = NULL;
	int error = map_all(remote, &stage, &area, ret_why);

	if (!error) {
		*ret_why = "no room for code near the program's";
		error = patches_reserve(patches, remote, remote->tid);
	}
	if (!error) {
		*ret_why = "its memory can't be written";
		error = agent_new(process, remote->tid, area, patches,
				  requests, ret_agent);
	}
	if (!error)
		return 0;
	unmap(remote, stage);
	if (area)
		area_unref(area);
	patches_free(patches);
	return error;
}
