/*
 * An address space of the traced program: where the vCPUs' kvm_run pages are
 * mapped in it, and the symbols of its code. Threads and vfork children share
 * one (CLONE_VM); it is counted.
 *
 * A vCPU is mapped at offset 0 for kvm_run and elsewhere for rings; mappings
 * are known by the open file, because each VM's vCPU 0 has the same name.
 */
#ifndef CAPTURE_SPACE_H
#define CAPTURE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "record/record.h"

struct agent;
struct caller_space;

struct run_mapping {
	uint64_t address, length, offset;
	bool is_private;		/* MAP_PRIVATE: may be a stale copy */
	struct record_file file;	/* the vCPU; its link outlives the space */
};

struct space {
	uint32_t refs;
	struct caller_space *callers;	/* NULL until first needed */
	size_t count, capacity;
	uint64_t changes;		/* of the mappings */
	struct run_mapping *mappings;
	/* The in-process engine's; NULL: not there, because of … */
	struct agent *agent;
	const char *agent_refused;	/* or NULL: not tried yet */
};

struct space *space_new(void);
struct space *space_ref(struct space *space);
struct space *space_copy(const struct space *space);	/* fork */
void space_unref(struct space *space);

void space_add_mapping(struct space *space, const struct run_mapping *mapping);

/*
 * [address, address + length) is no longer mapped: mappings in it go, those
 * that it cuts shrink.
 */
void space_remove_range(struct space *space, uint64_t address,
			    uint64_t length);

/* A mapping that lies in this range, at least in part; NULL: none. */
const struct run_mapping *space_find_in_range(const struct space *space,
					      uint64_t address,
					      uint64_t length);

/*
 * The mapping at offset 0 of a vCPU's file, a shared one first, the newest of
 * them; NULL: none.
 */
const struct run_mapping *space_find_run(const struct space *space,
					 uint32_t file_id);

/*
 * For a vCPU that was mapped unseen (attach, exec): take over its mapping from
 * /proc/PID/maps when only one there bears its name. 0, -ENOENT when
 * there is none, -EEXIST when it could be one of several.
 */
int space_adopt_run(struct space *space, pid_t tid, const struct record_file *file);

#endif
