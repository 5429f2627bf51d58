#include "capture/inprocess/area.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static size_t slot_offset(uint32_t index)
{
	return (size_t)AREA_TABLES * TABLES_BYTES + (size_t)index * SLOT_BYTES;
}

size_t area_bytes(uint32_t slots)
{
	return slot_offset(slots);
}

int area_new(pid_t pid, uint32_t slots, struct area **ret_area)
{
	int id = shmget(IPC_PRIVATE, area_bytes(slots), IPC_CREAT |
			SHM_NORESERVE | 0600);
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

static int take_bit(uint32_t *used, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (*used >> i & 1)
			continue;
		*used |= 1u << i;
		return (int)i;
	}
	return -1;
}

int area_take_tables(struct area *area)
{
	int index = take_bit(&area->used_tables, AREA_TABLES);

	if (index >= 0)
		memset(area_tables(area, index), 0, TABLES_BYTES);
	return index;
}

void area_give_tables(struct area *area, int index)
{
	area->used_tables &= ~(1u << index);
}

struct agent_tables *area_tables(const struct area *area, int index)
{
	return (struct agent_tables *)(area->memory +
				       (size_t)index * TABLES_BYTES);
}

uint64_t area_tables_address(int index)
{
	return AGENT_SHARED + (uint64_t)index * TABLES_BYTES;
}

int area_take_slot(struct area *area)
{
	return take_bit(&area->used_slots, area->slots);
}

void area_give_slot(struct area *area, int index)
{
	area->used_slots &= ~(1u << index);
}

struct slot_head *area_slot(const struct area *area, int index)
{
	return (struct slot_head *)(area->memory +
				    slot_offset((uint32_t)index));
}

uint64_t area_slot_address(int index)
{
	return AGENT_SHARED + slot_offset((uint32_t)index);
}
