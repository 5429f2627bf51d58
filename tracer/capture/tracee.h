/*
 * The threads and processes under trace, and what they share: a descriptor
 * table and an address space. Found by tid; owned by the engine.
 */
#ifndef CAPTURE_TRACEE_H
#define CAPTURE_TRACEE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "record/record.h"

struct abi_ioctl;
struct faults;
struct file_registry;
struct file_table;
struct space;
struct thread_ring;
struct watched_call;

struct process {
	pid_t pid;
	uint32_t threads;	/* tracees that point here */
	struct file_table *files;
	struct space *space;
	struct faults *faults;	/* dispositions; NULL: none noted */
};

struct thread {
	struct thread *next;
	pid_t tid;
	struct process *process;	/* NULL: its maker's event is yet to come */
	bool is_held;		/* stopped until the maker's event tells who made it */
	bool broke_run;		/* the last call was a KVM_RUN that gave EINTR */

	/* The call that it is in; NULL: none that matters. */
	const struct watched_call *call;
	const struct abi_ioctl *row;
	uint64_t run_address;	/* of kvm_run, in KVM_RUN; 0: unknown */
	uint64_t run_length;
	struct record record;
	struct thread_ring *ring;	/* in-process engine; NULL: none */
	uint64_t stack_reach;	/* bytes of the stack that told the caller */
	bool is_prepared;	/* it has a ring, or can't have one */
	bool is_fresh;		/* the call was set back to prepare the next */
	bool pauses_agent;		/* this call keeps others from it */
	uint64_t blocked;		/* signals, as last noted: faults.h */
};

#define TRACEE_BUCKETS 256

struct tracees {
	struct thread *buckets[TRACEE_BUCKETS];
	struct thread *recent;
	size_t count;
};

struct thread *tracees_find(struct tracees *tracees, pid_t tid);
struct thread *tracees_add(struct tracees *tracees, pid_t tid,
			   struct process *process);
/* Releases the thread, and its process with the last thread of it. */
void tracees_remove(struct tracees *tracees, struct file_registry *registry,
		    struct thread *thread);

/* Visit all; the function may remove the thread that it is given. */
void tracees_each(struct tracees *tracees,
		  void (*visit)(void *context, struct thread *thread),
		  void *context);

/* Takes over the references to files and space. */
struct process *process_new(pid_t pid, struct file_table *files,
			    struct space *space);

#endif
