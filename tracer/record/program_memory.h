/*
 * The memory of the traced program, for those who must not know where it comes
 * from: a process that stands still, or nothing.
 */
#ifndef RECORD_PROGRAM_MEMORY_H
#define RECORD_PROGRAM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct program_memory {
	/*
	 * Returns the bytes read from the start, fewer where some can't be;
	 * -EAGAIN: reading could wait for the program, so nothing is known.
	 */
	ssize_t (*read)(void *context, uint64_t hva, void *bytes, size_t length);
	/*
	 * The page frame number behind an address, 0 where the kernel hides
	 * it; false: it can't be told, or there is none.
	 */
	bool (*read_frame)(void *context, uint64_t hva, uint64_t *ret_frame);
	void *context;
};

#endif
