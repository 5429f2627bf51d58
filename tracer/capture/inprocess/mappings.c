#include "capture/inprocess/mappings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* How far the heap may grow. */
#define HEAP_ROOM (64ull << 30)
/* vm.mmap_min_addr (sysctl) is no more than this on any system known. */
#define LOWEST 0x10000
#define MARGIN 0x10000

static bool parse_line(const char *line, struct mapping *ret)
{
	uint64_t start, end, inode;
	char flags[5];
	int name = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*x %*x:%*x %" SCNu64
		   " %n", &start, &end, flags, &inode, &name) < 4 || !name)
		return false;
	*ret = (struct mapping){
		.start = start, .end = end, .has_file = inode != 0,
		.is_writable = flags[1] == 'w',
		.is_executable = flags[2] == 'x',
		.is_shared = flags[3] == 's',
		.is_heap = !strncmp(line + name, "[heap]", 6),
		.is_stack = !strncmp(line + name, "[stack]", 7),
	};
	return true;
}

static void add(struct mappings *mappings, const struct mapping *mapping)
{
	if (mappings->count == mappings->capacity) {
		mappings->capacity = mappings->capacity ?
			2 * mappings->capacity : 64;
		mappings->list = realloc(mappings->list, mappings->capacity *
					 sizeof(mappings->list[0]));
		if (!mappings->list)
			log_die("out of memory: %zu mappings",
				mappings->capacity);
	}
	mappings->list[mappings->count++] = *mapping;
}

int mappings_read(struct mappings *mappings, pid_t pid)
{
	char path[32], *line = NULL;
	struct mapping mapping;
	size_t size = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (!maps)
		return -errno;
	mappings->count = 0;
	while (getline(&line, &size, maps) > 0)
		if (parse_line(line, &mapping))
			add(mappings, &mapping);
	free(line);
	fclose(maps);
	return 0;
}

void mappings_free(struct mappings *mappings)
{
	free(mappings->list);
	*mappings = (struct mappings){ 0 };
}

/* The index of the first mapping that ends behind the address. */
static size_t find_index(const struct mappings *mappings, uint64_t address)
{
	size_t low = 0, high = mappings->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (mappings->list[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct mapping *mappings_find(const struct mappings *mappings,
				    uint64_t address)
{
	size_t index = find_index(mappings, address);

	return index < mappings->count &&
	       mappings->list[index].start <= address ?
		&mappings->list[index] : NULL;
}

const char *mapping_refuse_patch(const struct mapping *mapping)
{
	if (mapping->is_shared)
		return "code in shared memory";
	if (!mapping->has_file)
		return "code in anonymous memory, or the kernel's";
	if (mapping->is_writable)
		return "code that is writable";
	if (!mapping->is_executable)
		return "code that is no longer executable";
	return NULL;
}

static bool has_heap(const struct mappings *mappings)
{
	for (size_t i = 0; i < mappings->count; i++)
		if (mappings->list[i].is_heap)
			return true;
	return false;
}

/*
 * A program's break begins behind its last segment, up to 1 GiB on by
 * randomisation (fs/binfmt_elf.c), and grows: until there is a heap, any
 * mapping could be what it begins behind. The stack grows down into its gap.
 */
static bool is_reserved_gap(const struct mappings *mappings,
			    const struct mapping *below,
			    const struct mapping *above, uint64_t address)
{
	if (above->is_stack)
		return true;
	return below && address - below->end < HEAP_ROOM &&
	       (below->is_heap || !has_heap(mappings));
}

bool mappings_have_room(const struct mappings *mappings, uint64_t address,
			uint64_t length)
{
	size_t index = find_index(mappings, address);
	const struct mapping *list = mappings->list;
	const struct mapping *below = index ? &list[index - 1] : NULL;
	const struct mapping *above =
		index < mappings->count ? &list[index] : NULL;

	if (address < LOWEST || !above)
		return false;
	if (below && address < below->end + MARGIN)
		return false;
	if (above->start < address + length + MARGIN)
		return false;
	return !is_reserved_gap(mappings, below, above, address);
}
