#include "capture/inprocess/stubs.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "capture/inprocess/mappings.h"

/* Of a relative jump, less the data that lies behind a module's code. */
#define REACH ((1ull << 31) - (64ull << 20))
#define MIB (1ull << 20)

/*
 * So far below the code, tried in turn. Far, because libraries are mapped from
 * above to below: what the program maps later finds the same places as ever.
 */
static const uint64_t distances[] = {
	1536 * MIB, 1280 * MIB, 1024 * MIB, 768 * MIB, 512 * MIB, 256 * MIB,
	128 * MIB, 64 * MIB, 32 * MIB, 16 * MIB, 8 * MIB, 4 * MIB, 2 * MIB, MIB,
};

#define DISTANCES (sizeof(distances) / sizeof(distances[0]))

/* Both ways between any byte of the area and of [start, end). */
static bool reaches(uint64_t area, uint64_t start, uint64_t end)
{
	uint64_t low = area < start ? area : start;
	uint64_t area_end = area + STUB_AREA_BYTES;
	uint64_t high = area_end > end ? area_end : end;

	return high - low < REACH;
}

static bool is_reached(const struct stub_areas *areas, uint64_t start,
		       uint64_t end)
{
	for (size_t i = 0; i < areas->count; i++)
		if (areas->list[i].used < STUB_AREA_STUBS &&
		    reaches(areas->list[i].address, start, end))
			return true;
	return false;
}

/* At this address or nowhere: before 4.17 the flag is but a wish (mmap(2)). */
static int map_area(struct stub_areas *areas, struct remote *remote,
		    uint64_t address)
{
	const uint64_t args[6] = {
		address, STUB_AREA_BYTES, PROT_READ | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		(uint64_t)-1, 0,
	};
	int64_t result = remote_call(remote, SYS_mmap, args);

	if (remote->is_gone)
		return -ESRCH;
	if (result < 0 && result > -4096)
		return (int)result;
	if ((uint64_t)result != address) {
		const uint64_t unmap[6] = { (uint64_t)result, STUB_AREA_BYTES };

		remote_call(remote, SYS_munmap, unmap);
		return -EEXIST;
	}
	areas->list[areas->count++] = (struct stub_area){ address, 0 };
	return 0;
}

/* Try one place; -ENOSPC when it is none, or just taken. */
static int try_place(struct stub_areas *areas, struct remote *remote,
		     const struct mappings *mappings,
		     const struct mapping *code, uint64_t address)
{
	int error;

	if (!reaches(address, code->start, code->end) ||
	    !mappings_have_room(mappings, address, STUB_AREA_BYTES))
		return -ENOSPC;
	error = map_area(areas, remote, address);
	/* EPERM: below vm.mmap_min_addr. */
	return error == -EEXIST || error == -EPERM ? -ENOSPC : error;
}

/* At one of the distances, else at the upper end of any gap in reach. */
static int reserve_for(struct stub_areas *areas, struct remote *remote,
		       const struct mappings *mappings,
		       const struct mapping *code)
{
	int error = -ENOSPC;

	for (size_t i = 0; error == -ENOSPC && i < DISTANCES; i++)
		if (code->start > distances[i])
			error = try_place(areas, remote, mappings, code,
					  code->start - distances[i]);
	for (size_t i = 0; error == -ENOSPC && i < mappings->count; i++)
		if (mappings->list[i].start > MIB)
			error = try_place(areas, remote, mappings, code,
					  mappings->list[i].start - MIB);
	return error;
}

int stub_areas_reserve(struct stub_areas *areas, struct remote *remote,
		       pid_t pid)
{
	struct mappings mappings = { 0 };
	int error = mappings_read(&mappings, pid), first = 0;

	for (size_t i = 0; !error && i < mappings.count; i++) {
		const struct mapping *code = &mappings.list[i];
		int failed;

		if (mapping_refuse_patch(code) ||
		    is_reached(areas, code->start, code->end) ||
		    areas->count == STUB_AREAS_MAX)
			continue;
		failed = reserve_for(areas, remote, &mappings, code);
		first = first ? first : failed;
		if (failed == -ESRCH)
			error = failed;
	}
	mappings_free(&mappings);
	if (error || areas->count)
		return error;
	return first ? first : -ENOSPC;
}

uint64_t stub_areas_take(struct stub_areas *areas, uint64_t address)
{
	for (size_t i = 0; i < areas->count; i++) {
		struct stub_area *area = &areas->list[i];

		if (area->used < STUB_AREA_STUBS &&
		    reaches(area->address, address, address + 1))
			return area->address + SITE_STUB_BYTES * area->used++;
	}
	return 0;
}

uint64_t stub_areas_find(const struct stub_areas *areas, uint64_t address)
{
	for (size_t i = 0; i < areas->count; i++) {
		uint64_t offset = address - areas->list[i].address;

		if (offset < (uint64_t)areas->list[i].used * SITE_STUB_BYTES)
			return address - offset % SITE_STUB_BYTES;
	}
	return 0;
}
