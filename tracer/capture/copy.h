/*
 * Copying what an ioctl passes and brings back, as the rows of abi/ say: the
 * structure, its counted tail, what its pointers point to, and for KVM_RUN
 * the head of kvm_run and the port data behind it.
 *
 * Every length from the traced process is hostile; it is bounded here, once.
 */
#ifndef CAPTURE_COPY_H
#define CAPTURE_COPY_H

#include <stdint.h>
#include <sys/types.h>

#include "abi/abi.h"
#include "capture/capture.h"
#include "capture/memory.h"
#include "record/record.h"

/* The most that one tail or one pointed-to block brings into a record. */
#define COPY_CAP_BYTES (1u << 20)

/*
 * Copy the argument of `record` (request, argument and, behind the call, the
 * result are set) in this phase, if the call has anything to copy then.
 * `row` is NULL for a request that isn't known: the request's own size and
 * direction bits serve. `oracle` may be NULL.
 */
void copy_argument(struct record *record, pid_t tid,
		   const struct abi_ioctl *row, enum record_phase phase,
		   const struct call_oracle *oracle);

/*
 * Copy the start of what descriptor `fd` of the process holds, up to the first
 * figure of its statistics: it is read at an offset, through a duplicate, so
 * that the program's own position stays where it is.
 */
void copy_stats(struct record *record, pid_t pid, int fd);

/*
 * Copy kvm_run at `address`, `length` bytes mapped. `also` (or NULL) is read
 * along with it.
 */
void copy_run(struct record *record, pid_t tid, uint64_t address,
	      uint64_t length, enum record_phase phase,
	      struct memory_span *also);

#endif
