/*
 * The mappings of a process as /proc/PID/maps lists them (proc(5)), in order
 * of their addresses: which code may be patched, and where there is room for
 * more.
 */
#ifndef CAPTURE_INPROCESS_MAPPINGS_H
#define CAPTURE_INPROCESS_MAPPINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mapping {
	uint64_t start, end;
	bool is_writable, is_executable, is_shared;
	bool has_file;
	bool is_heap, is_stack;
};

struct mappings {
	struct mapping *list;
	size_t count, capacity;
};

/* 0 or -errno. Zeroed is empty. */
int mappings_read(struct mappings *mappings, pid_t pid);
void mappings_free(struct mappings *mappings);

/* NULL: nothing is mapped there. */
const struct mapping *mappings_find(const struct mappings *mappings,
				    uint64_t address);

/* Code of a file that the process alone has: NULL, or why it is not that. */
const char *mapping_refuse_patch(const struct mapping *mapping);

/* Can [address, address + length) be taken without being in anyone's way? */
bool mappings_have_room(const struct mappings *mappings, uint64_t address,
			uint64_t length);

#endif
