#include "capture/inprocess/area.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/stat.h>

#include "base/log.h"

/* The segment belongs to who runs the process, so that it may attach it. */
static int give_to_owner(int id, pid_t pid)
{
	char path[32];
	struct shmid_ds segment;
	struct stat owner;

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (stat(path, &owner) < 0 || shmctl(id, IPC_STAT, &segment) < 0)
		return -errno;
	if (segment.shm_perm.uid == owner.st_uid)
		return 0;
	segment.shm_perm.uid = owner.st_uid;
	segment.shm_perm.gid = owner.st_gid;
	return shmctl(id, IPC_SET, &segment) < 0 ? -errno : 0;
}

int area_new(pid_t pid, uint32_t slots, struct area **ret_area)
{
	int id = shmget(IPC_PRIVATE, (size_t)slots * SLOT_BYTES,
			IPC_CREAT | SHM_NORESERVE | 0600);
	void *memory = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
	struct area *area;
	int error = memory == (void *)-1 ? -errno : give_to_owner(id, pid);

	/* It goes with its last user; until then it may still be attached. */
	if (id >= 0)
		shmctl(id, IPC_RMID, NULL);
	if (error) {
		if (memory != (void *)-1)
			shmdt(memory);
		return error;
	}
	area = calloc(1, sizeof(*area));
	if (!area)
		log_die("out of memory: the rings");
	area->refs = 1;
	area->id = id;
	area->slots = slots;
	area->memory = memory;
	*ret_area = area;
	return 0;
}

struct area *area_ref(struct area *area)
{
	area->refs++;
	return area;
}

void area_unref(struct area *area)
{
	if (--area->refs)
		return;
	shmdt(area->memory);
	free(area);
}

int area_take_slot(struct area *area)
{
	for (uint32_t i = 0; i < area->slots; i++) {
		if (area->used >> i & 1)
			continue;
		area->used |= UINT64_C(1) << i;
		return (int)i;
	}
	return -1;
}

void area_give_slot(struct area *area, int index)
{
	area->used &= ~(UINT64_C(1) << index);
}

struct slot_head *area_slot(const struct area *area, int index)
{
	return (struct slot_head *)(area->memory + (size_t)index * SLOT_BYTES);
}

uint64_t area_slot_address(int index)
{
	return AGENT_RINGS + (uint64_t)index * SLOT_BYTES;
}
