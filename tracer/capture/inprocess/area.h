/*
 * The memory that the tracer and the traced processes share for rings. It is
 * System V shared memory, because mapping that takes no descriptor in the
 * traced process, whose other threads would see theirs move. A process made by
 * fork keeps it at the same address; exec drops it.
 */
#ifndef CAPTURE_INPROCESS_AREA_H
#define CAPTURE_INPROCESS_AREA_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/inprocess/layout.h"

#define AREA_SLOTS_MAX 32
#define AREA_TABLES 16

struct area {
	uint32_t refs;
	int id;			/* as shmat(2) takes it */
	uint32_t slots;
	uint32_t used_slots, used_tables;	/* a bit for each */
	uint8_t *memory;
};

/* Of an area with so many slots. */
size_t area_bytes(uint32_t slots);

/* Slots for the process `pid`, whose user may attach it. 0 or -errno. */
int area_new(pid_t pid, uint32_t slots, struct area **ret_area);
struct area *area_ref(struct area *area);
void area_unref(struct area *area);

/*
 * Free tables' index, all zero and used from now on; -1 when all are: so many
 * processes share an area.
 */
int area_take_tables(struct area *area);
void area_give_tables(struct area *area, int index);
struct agent_tables *area_tables(const struct area *area, int index);
uint64_t area_tables_address(int index);

/* A free slot's index, which is used from now on; -1 when all are. */
int area_take_slot(struct area *area);
void area_give_slot(struct area *area, int index);

struct slot_head *area_slot(const struct area *area, int index);
/* The same in the traced process. */
uint64_t area_slot_address(int index);

#endif
