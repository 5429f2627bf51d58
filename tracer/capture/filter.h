/*
 * The seccomp filter of a traced program: it stops the program for the calls
 * of calls.h and lets everything else through at full speed. Built by
 * libseccomp for 64-bit, x32 and 32-bit callers alike.
 */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

/*
 * Install the filter in the calling process. With no_new_privs only where the
 * kernel insists on it (seccomp(2): without CAP_SYS_ADMIN). 0 or -errno.
 */
int filter_install(void);

/* The filter as raw BPF into a descriptor, for tests. 0 or -errno. */
int filter_export(int fd);

#endif
