/*
 * The system calls that matter: those that make, map, copy or close KVM
 * descriptors, and ioctl with KVM's type byte. One table serves the filter
 * and the stops.
 */
#ifndef CAPTURE_CALLS_H
#define CAPTURE_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum call_kind {
	CALL_IOCTL,
	CALL_OPEN,	/* path in argument `path_argument` */
	CALL_DUP,	/* result is a copy of the first argument */
	CALL_FCNTL,	/* F_DUPFD and F_DUPFD_CLOEXEC only */
	CALL_MMAP,
	CALL_MUNMAP,
	CALL_CLOSE,
	CALL_CLOSE_RANGE,
	CALL_SIGACTION,	/* of SIGSEGV, SIGBUS and SIGTRAP */
};

struct watched_call {
	const char *name;
	enum call_kind kind;
	int nr_x86_64;		/* -1: the architecture has none */
	int nr_i386;
	uint8_t path_argument;
};

extern const struct watched_call watched_calls[];
extern const size_t watched_call_count;

/*
 * Watched for the in-process engine besides: what threads make of the signals
 * that faults of its agent bring about. They are in no record.
 */
extern const struct watched_call signal_calls[];
extern const size_t signal_call_count;

/* The row of a system call number; `audit_arch` as in PTRACE_GET_SYSCALL_INFO. */
const struct watched_call *watched_call_find(uint32_t audit_arch, uint64_t nr);

/*
 * Is the call with these arguments one to stop for? The filter asks the
 * kernel the same question; attached programs have no filter.
 */
bool watched_call_wanted(const struct watched_call *call,
			 const uint64_t args[6]);

#endif
