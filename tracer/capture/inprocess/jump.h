/*
 * Writing a jump over code that other threads may be running. Part of patch.c.
 */
#ifndef CAPTURE_INPROCESS_JUMP_H
#define CAPTURE_INPROCESS_JUMP_H

#include "capture/inprocess/bystanders.h"
#include "capture/inprocess/site.h"

struct jump {
	uint64_t address;
	uint8_t old[SITE_JUMP_BYTES], new[SITE_JUMP_BYTES];
	uint8_t inner;		/* as in struct site_plan */
	bool had_int3;		/* threads may have met one there */
};

/* For reading and writing the process's code: a descriptor, or -1. */
int jump_open_memory(pid_t pid);
/* Past the mapping's protection: proc(5), /proc/PID/mem. */
bool jump_write_code(int memory, uint64_t address, const void *bytes,
		     size_t length);

/*
 * One thread of process `pid` is stopped elsewhere. 0; -EAGAIN: it can't be
 * done with what the others are at; -ENOTSUP: it can't be done. `blocked`
 * keeps the threads whose SIGTRAP is blocked.
 */
int jump_write(struct jump *jump, int memory, pid_t pid,
	       struct bystanders *blocked, const char **ret_why);

/*
 * A thread has met an int3 there. False when it is none of ours; else what was
 * to be written is, and the thread can begin anew.
 */
bool jump_finish(const struct jump *jump, pid_t pid, bool is_written);

#endif
