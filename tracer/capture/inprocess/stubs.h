/*
 * Pages for stubs in one address space: read-only code of our own, within
 * reach of the program's and out of its way. Part of patch.c.
 */
#ifndef CAPTURE_INPROCESS_STUBS_H
#define CAPTURE_INPROCESS_STUBS_H

#include "capture/inprocess/remote.h"
#include "capture/inprocess/site.h"

#define STUB_AREAS_MAX 16
#define STUB_AREA_BYTES 16384
#define STUB_AREA_STUBS (STUB_AREA_BYTES / SITE_STUB_BYTES)

struct stub_areas {
	size_t count;
	struct stub_area {
		uint64_t address;
		uint32_t used;		/* stubs, from the start */
	} list[STUB_AREAS_MAX];
};

/*
 * An area for each mapping of a file's code that none reaches yet. -ENOSPC, or
 * what mmap said, when no code is in reach of one then; -ESRCH when the thread
 * is gone.
 */
int stub_areas_reserve(struct stub_areas *areas, struct remote *remote,
		       pid_t pid);

/* An unused stub's address, within reach of `address`; 0: none is left. */
uint64_t stub_areas_take(struct stub_areas *areas, uint64_t address);

/* The stub that the address lies in; 0: in none. */
uint64_t stub_areas_find(const struct stub_areas *areas, uint64_t address);

#endif
