/*
 * The record: all that capture says of one system call or one event in the
 * life of a process, as raw bytes and numbers. It is the boundary of the
 * program: engines (ptrace, one inside the process, a file of records) fill
 * it, and everything behind it is pure and runs without KVM.
 *
 * A record owns the bytes that were copied from the traced process; they go
 * with record_reset(). Its strings are borrowed from the engine and stay valid
 * until the engine is asked for the next record.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "record/slow_calls.h"

enum record_kind {
	RECORD_IOCTL,	/* one ioctl with a request of KVM's type */
	RECORD_SYSCALL,	/* another call on a KVM descriptor */
	RECORD_EXEC,	/* the process runs a new program: path */
	RECORD_FORK,	/* a new process: other_pid */
	RECORD_THREAD,	/* a new thread: other_pid is its tid */
	RECORD_EXIT,	/* the process ended: status or signal */
	RECORD_SIGNAL,	/* a signal broke into KVM_RUN: signal */
	RECORD_KINDS,
};

/*
 * An open file description (what open() makes and dup() shares), whichever
 * number and process it is reached by.
 */
struct record_file {
	uint32_t id;		/* from 1, never reused; 0: none or unknown */
	uint32_t major, minor;	/* of a device node, otherwise 0 */
	const char *link;	/* what /proc/PID/fd/N says, e.g. anon_inode:kvm-vm */
	bool adopted;		/* its making was not seen (inherited, passed, attached) */
	int32_t error;		/* errno: what it is could not be read; 0: it could */
};

enum record_part_kind {
	PART_ARGUMENT,	/* what the ioctl's third argument points to */
	PART_POINTED,	/* what a pointer in the argument, at offset `at`, points to */
	PART_RUN,	/* the first bytes of the vCPU's kvm_run */
	PART_RUN_DATA,	/* port data, at offset `at` of the kvm_run mapping */
	PART_STATS,	/* the start of a statistics descriptor that the call made */
	PART_RUN_RING,	/* the page of the coalesced MMIO ring, when not empty */
	PART_GUEST,	/* a page of guest memory, at `address` of the program */
	PART_FRAME,	/* what pagemap says of the page at `address`: 8 bytes */
	PART_KINDS,
};

enum record_phase {
	PHASE_BEFORE,	/* as the program passed it */
	PHASE_AFTER,	/* as the kernel left it */
};

/* Bytes of one place in the traced process; short when a part was unreadable. */
struct record_part {
	uint8_t kind;		/* enum record_part_kind */
	uint8_t phase;		/* enum record_phase */
	uint32_t at;		/* see enum record_part_kind */
	uint64_t address;	/* see enum record_part_kind; otherwise 0 */
	uint32_t wanted;	/* bytes that were asked for */
	uint32_t length;	/* bytes that were read */
	bool capped;		/* the size that the call names was larger than `wanted` */
	size_t offset;		/* of its first byte in the record's `bytes` */
};

#define RECORD_PARTS_MAX 128

/* The instruction in the program that made the call. */
struct record_caller {
	uint64_t ip;		/* 0: unknown */
	uint64_t offset;	/* of ip in the object, as addr2line takes it */
	const char *symbol;	/* NULL: unknown, like the next two */
	const char *object;
	const char *file;
	uint32_t line;
};

struct record {
	enum record_kind kind;
	int32_t pid, tid;
	uint64_t start_ns, end_ns;	/* CLOCK_MONOTONIC since the trace began */

	bool compat;		/* made by a 32-bit system call */
	bool unfinished;	/* the thread or the trace ended within the call */
	bool injected;		/* answered by the tracer, not by the kernel */
	bool no_run_map;	/* KVM_RUN, but no mapping of kvm_run is known */
	uint64_t run_mapped;	/* bytes of the vCPU that are mapped from offset 0 */
	bool private_run_map;	/* … only one that may hold the program's own copy */
	bool looked;		/* guest memory was looked at: PART_GUEST, PART_FRAME */

	/* RECORD_IOCTL and RECORD_SYSCALL */
	const char *name;		/* of the system call: "ioctl", "mmap" … */
	int32_t fd;			/* -1: has none */
	struct record_file file;	/* that fd refers to */
	uint64_t request;		/* ioctl: as passed, not masked */
	uint64_t argument;		/* ioctl: the raw third argument */
	uint64_t args[6];		/* RECORD_SYSCALL: all arguments */
	int64_t result;			/* the kernel's: >= 0, or -errno */
	int32_t made_fd;		/* a descriptor that the call made, or -1 */
	struct record_file made_file;
	struct record_file replaced_file;	/* that made_fd was before: dup2 */
	struct record_caller caller;

	/* Process events, and the path of an open */
	const char *path;
	int32_t other_pid;
	int32_t signal;			/* 0: none */
	int32_t status;
	bool has_exec_setuid;		/* a set-uid bit that tracing disables */

	uint32_t part_count;
	struct record_part parts[RECORD_PARTS_MAX];
	struct buffer bytes;
};

/* Make it empty, keep its memory. A zeroed struct is a valid empty record. */
void record_reset(struct record *record, enum record_kind kind);
void record_free(struct record *record);

/*
 * Add a part with room for `wanted` bytes, all of them counted as read;
 * returns it with `offset` set, NULL when the record has no place left. The
 * caller fills the bytes and corrects `length`.
 */
struct record_part *record_add_part(struct record *record,
				    enum record_part_kind kind,
				    enum record_phase phase, uint32_t at,
				    uint32_t wanted);

/* Room for `extra` more bytes of the part that was added last. */
void record_extend_part(struct record *record, uint32_t extra);

/* The part, NULL when the record has none; its first byte. */
const struct record_part *record_find_part(const struct record *record,
					   enum record_part_kind kind,
					   enum record_phase phase,
					   uint32_t at);
const uint8_t *record_part_bytes(const struct record *record,
				 const struct record_part *part);

/* Has the kernel done what was asked? */
static inline bool record_is_done(const struct record *record)
{
	return !record->unfinished && !record->injected && record->result >= 0;
}

/* KVM's requests are 32 bits wide; the kernel ignores what is above. */
static inline uint32_t record_request(const struct record *record)
{
	return (uint32_t)record->request;
}

/* What is known when the trace begins; strings are borrowed. */
struct record_start {
	int argc;
	char *const *argv;
	const char *engine;		/* "ptrace" … */
	uint64_t start_realtime_ns;	/* since 1970, UTC */
	const char *kernel;		/* release, as uname -r */
	const char *cpu_vendor;		/* "GenuineIntel" …; NULL: unknown */
	const char *kvm_module;		/* "kvm_intel" …; NULL: none loaded */
};

/* The in-process engine: which way KVM ioctls went. */
struct engine_calls {
	bool is_known;		/* it was that engine */
	uint64_t inprocess, ptrace;
	uint64_t slow[SLOW_REASONS];	/* of `ptrace`: why */
	/* What it was, of SLOW_SITE, SLOW_PROCESS, SLOW_THREAD; or NULL. */
	const char *site, *process, *thread;
	uint64_t lost_signals;	/* dispositions that a fault of the agent cost */
	uint64_t broken_rings;	/* that the program wrote into: calls are missing */
};

/* What is known when it ends. */
struct record_end {
	uint64_t end_ns;
	bool has_status;	/* how the program ended is known */
	int32_t status;		/* exit status, when signal is 0 */
	int32_t signal;
	bool detached;		/* the program lives on */
	bool timed_out;		/* ended by --timeout */
	bool too_many_tasks;	/* ended for having more than were allowed */
	uint64_t stops;		/* ptrace stops that the trace cost */
	struct engine_calls calls;
};

#endif
