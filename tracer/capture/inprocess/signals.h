/*
 * A thread's signals as the kernel tells them, and its mask, which a tracer may
 * set. Masks have bit n - 1 for signal n, as sigset_t has in the kernel.
 */
#ifndef CAPTURE_INPROCESS_SIGNALS_H
#define CAPTURE_INPROCESS_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define KERNEL_SIGSET_BYTES 8

/* Of /proc/TID/status, proc(5). */
struct signals {
	uint64_t ignored, caught;
	uint64_t filters;	/* of seccomp, that it has; since Linux 5.9 */
};

static inline uint64_t signal_bit(int signal)
{
	return 1ull << (signal - 1);
}

bool signals_read(pid_t tid, struct signals *ret);

/* Of a stopped thread: what it blocks. */
bool signals_read_mask(pid_t tid, uint64_t *ret_mask);
void signals_write_mask(pid_t tid, uint64_t mask);

#endif
