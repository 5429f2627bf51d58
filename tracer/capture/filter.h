/*
 * The seccomp filter of a traced program: it stops the program for the calls
 * of calls.h and lets everything else through at full speed. Built by
 * libseccomp for 64-bit, x32 and 32-bit callers alike.
 *
 * One place in the program may make its ioctls freely: `free_ip`, the address
 * behind the `syscall` of the in-process engine's agent; 0 for none.
 */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include <stdint.h>

/*
 * Install the filter in the calling process. With no_new_privs only where the
 * kernel insists on it (seccomp(2): without CAP_SYS_ADMIN). 0 or -errno.
 */
int filter_install(uint64_t free_ip);

/* The filter as raw BPF into a descriptor, for tests. 0 or -errno. */
int filter_export(int fd, uint64_t free_ip);

#endif
