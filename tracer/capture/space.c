#include "capture/space.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/caller.h"
#include "capture/inprocess/agent.h"

struct space *space_new(void)
{
	struct space *space = calloc(1, sizeof(*space));

	if (!space)
		log_die("out of memory: an address space");
	space->refs = 1;
	return space;
}

struct space *space_ref(struct space *space)
{
	space->refs++;
	return space;
}

struct space *space_copy(const struct space *space)
{
	struct space *copy = space_new();

	for (size_t i = 0; i < space->count; i++)
		space_add_mapping(copy, &space->mappings[i]);
	return copy;
}

void space_unref(struct space *space)
{
	if (--space->refs)
		return;
	if (space->callers)
		caller_space_free(space->callers);
	agent_free(space->agent);
	free(space->mappings);
	free(space);
}

void space_add_mapping(struct space *space, const struct run_mapping *mapping)
{
	if (space->count == space->capacity) {
		space->capacity = space->capacity ? 2 * space->capacity : 4;
		space->mappings = realloc(space->mappings, space->capacity *
					  sizeof(space->mappings[0]));
		if (!space->mappings)
			log_die("out of memory: %zu mappings", space->capacity);
	}
	space->mappings[space->count++] = *mapping;
	space->changes++;
}

static void remove_at(struct space *space, size_t index)
{
	space->count--;
	memmove(&space->mappings[index], &space->mappings[index + 1],
		(space->count - index) * sizeof(space->mappings[0]));
}

/* Cut the mapping; false when nothing of it is left. */
static bool cut_mapping(struct run_mapping *mapping, uint64_t start,
			uint64_t end)
{
	uint64_t mapping_end = mapping->address + mapping->length;

	if (start > mapping->address) {
		mapping->length = start - mapping->address;
		return true;
	}
	if (end >= mapping_end)
		return false;
	mapping->offset += end - mapping->address;
	mapping->length = mapping_end - end;
	mapping->address = end;
	return true;
}

static uint64_t range_end(uint64_t address, uint64_t length)
{
	return address + length < address ? UINT64_MAX : address + length;
}

static bool overlaps(const struct run_mapping *mapping, uint64_t start,
		     uint64_t end)
{
	return mapping->address < end &&
	       mapping->address + mapping->length > start;
}

const struct run_mapping *space_find_in_range(const struct space *space,
					      uint64_t address, uint64_t length)
{
	for (size_t i = 0; i < space->count; i++)
		if (overlaps(&space->mappings[i], address,
			     range_end(address, length)))
			return &space->mappings[i];
	return NULL;
}

void space_remove_range(struct space *space, uint64_t address, uint64_t length)
{
	uint64_t end = range_end(address, length);
	size_t i = 0;

	while (i < space->count) {
		struct run_mapping *mapping = &space->mappings[i];

		if (!overlaps(mapping, address, end)) {
			i++;
			continue;
		}
		space->changes++;
		if (cut_mapping(mapping, address, end))
			i++;
		else
			remove_at(space, i);
	}
}

const struct run_mapping *space_find_run(const struct space *space,
					 uint32_t file_id)
{
	const struct run_mapping *found = NULL;

	for (size_t i = space->count; i-- > 0;) {
		const struct run_mapping *mapping = &space->mappings[i];

		if (mapping->file.id != file_id || mapping->offset != 0)
			continue;
		if (!mapping->is_private)
			return mapping;
		found = found ? found : mapping;
	}
	return found;
}

/* Is this line of /proc/PID/maps (proc(5)) a mapping of `link` from its start? */
static bool parse_run_line(const char *line, const char *link,
			   struct run_mapping *ret)
{
	uint64_t start, end, offset;
	int name = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*4s %" SCNx64
		   " %*s %*s %n", &start, &end, &offset, &name) < 3 || !name)
		return false;
	if (offset != 0 || strcmp(line + name, link))
		return false;
	*ret = (struct run_mapping){ .address = start, .length = end - start };
	return true;
}

static bool is_known(const struct space *space, uint64_t address)
{
	for (size_t i = 0; i < space->count; i++)
		if (space->mappings[i].address == address)
			return true;
	return false;
}

int space_adopt_run(struct space *space, pid_t tid,
		    const struct record_file *file)
{
	struct run_mapping found = { 0 }, mapping;
	unsigned int candidates = 0;
	char path[32], line[512];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)tid);
	maps = fopen(path, "re");
	if (!maps)
		return -ENOENT;
	while (fgets(line, sizeof(line), maps)) {
		line[strcspn(line, "\n")] = '\0';
		if (!parse_run_line(line, file->link, &mapping) ||
		    is_known(space, mapping.address))
			continue;
		found = mapping;
		candidates++;
	}
	fclose(maps);
	if (candidates != 1)
		return candidates ? -EEXIST : -ENOENT;
	found.file = *file;
	space_add_mapping(space, &found);
	return 0;
}
