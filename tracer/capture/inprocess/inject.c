#include "capture/inprocess/inject.h"

#include <errno.h>
#include <sys/mman.h>
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

static int map_data(struct remote *remote, pid_t pid,
		    const struct agent_request *requests)
{
	int error = map_at(remote, AGENT_DATA, DATA_BYTES);

	return error ? error :
		memory_write(pid, AGENT_DATA + DATA_REQUESTS, requests,
			     256 * sizeof(*requests));
}

/*
 * As many slots as the program's limit on address space leaves room for. A
 * core dump is the program's, without them.
 */
static int map_rings(struct remote *remote, pid_t pid, struct area **ret_area)
{
	int error = -ENOMEM;

	for (uint32_t slots = AREA_SLOTS_MAX; slots && error; slots /= 4) {
		struct area *area;
		int64_t result;

		error = area_new(pid, slots, &area);
		if (error)
			return error;
		result = remote_call(remote, SYS_shmat,
				     (const uint64_t[6]){
					(uint64_t)area->id, AGENT_RINGS });
		error = is_error(result) ? (int)result : 0;
		if (error) {
			area_unref(area);
			continue;
		}
		remote_call(remote, SYS_madvise,
			    (const uint64_t[6]){ AGENT_RINGS,
				(uint64_t)slots * SLOT_BYTES, MADV_DONTDUMP });
		*ret_area = area;
	}
	return error;
}

static void unmap_all(struct remote *remote, bool has_rings)
{
	remote_call(remote, SYS_munmap,
		    (const uint64_t[6]){ AGENT_CODE, AGENT_CODE_BYTES });
	remote_call(remote, SYS_munmap,
		    (const uint64_t[6]){ AGENT_DATA, DATA_BYTES });
	if (has_rings)
		remote_call(remote, SYS_shmdt,
			    (const uint64_t[6]){ AGENT_RINGS });
}

int inject_agent(struct remote *remote, const struct process *process,
		 const struct agent_request *requests,
		 struct agent **ret_agent, const char **ret_why)
{
	struct patches *patches = patches_new(agent_address(agent_begin));
	struct area *area = NULL;
	int error;

	*ret_why = "the place of its code is taken, or mapping is refused";
	error = map_code(remote, remote->tid);
	if (!error) {
		*ret_why = "the place of its tables is taken";
		error = map_data(remote, remote->tid, requests);
	}
	if (!error) {
		*ret_why = "shared memory can't be attached";
		error = map_rings(remote, remote->tid, &area);
	}
	if (!error) {
		*ret_why = "no room for code near the program's";
		error = patches_reserve(patches, remote, remote->tid);
	}
	if (!error) {
		*ret_agent = agent_new(process, area, patches);
		return 0;
	}
	if (error != -EEXIST)
		unmap_all(remote, area != NULL);
	if (area)
		area_unref(area);
	patches_free(patches);
	return error;
}
