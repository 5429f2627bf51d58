/*
 * Capture: from a running program, or a file of records, to records. An
 * engine is opened, hands every record to a function, and ends with what is
 * known about the program's end. Engines know processes and memory; of KVM
 * only what the rows of abi/ say about sizes.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <sys/types.h>

#include "abi/abi.h"
#include "capture/injection.h"
#include "record/program_memory.h"
#include "record/record.h"

/* Where an engine's records go; the record is borrowed for the call. */
struct record_sink {
	void (*record)(void *context, const struct record *record);
	void *context;
};

struct capture;

struct capture_ops {
	const char *name;
	/* Deliver every record; 0 or -errno. */
	int (*run)(struct capture *capture, const struct record_sink *sink,
		   struct record_end *ret_end);
	void (*free)(struct capture *capture);
};

/* The head of each engine's own struct. */
struct capture {
	const struct capture_ops *ops;
};

/*
 * Answers what the bytes of a call don't, because it depends on earlier calls:
 * how long a part of its argument is (0: not known), of what type the argument
 * is, and which guest memory belongs into the record. `look` is called for
 * each ioctl behind it, for KVM_RUN before it and, when the guest came to
 * grief, behind it; it adds the parts. Capture asks, somebody who keeps track
 * of the calls answers.
 *
 * A program is only stopped where that is needed: `is_look_due` says whether
 * `look` would look before a KVM_RUN on this open file, `is_changed_by`
 * whether a call of this request changes that.
 */
struct call_oracle {
	uint64_t (*measure)(void *context, const struct record *record,
			    const struct abi_length *length,
			    const uint8_t *bytes, uint32_t size);
	const struct abi_type *(*find_type)(void *context,
					    const struct record *record,
					    const struct abi_ioctl *row);
	void (*look)(void *context, struct record *record,
		     const struct program_memory *memory);
	bool (*is_look_due)(void *context, uint32_t file_id);
	bool (*is_changed_by)(uint32_t request);
	void *context;
};

/* Bounds for the program and all that it starts. */
struct capture_bounds {
	/* Called in the new process before its exec; 0 or -errno. */
	int (*enter)(void *context);
	void *context;
	size_t tasks_max;	/* with more threads than these, all end */
};

struct ptrace_options {
	char *const *argv;	/* program and arguments; NULL: attach */
	pid_t attach_pid;
	bool stdout_to_stderr;	/* the trace needs standard output */
	double timeout_s;	/* 0: none */
	struct call_oracle oracle;
	struct injection *injections;	/* borrowed; their counts are changed */
	size_t injection_count;
	const struct capture_bounds *bounds;	/* NULL: none */
	bool no_callers;	/* skip the look-up of calling lines */
	bool inprocess;		/* take calls in the process where that works */
};

/* The step at which starting failed, for the message to people. */
enum capture_failure {
	FAILED_NOTHING,
	FAILED_PROC,		/* /proc isn't there, or another namespace's */
	FAILED_FORK,
	FAILED_SEIZE,		/* ptrace refused */
	FAILED_BOUNDS,		/* what bounds->enter() said */
	FAILED_FILTER,		/* seccomp refused */
	FAILED_EXEC,		/* the program: not found, not executable */
};

/*
 * Start the program, stopped behind its exec, or seize a running one.
 * 0, or -errno with *ret_failure telling the step.
 */
int ptrace_engine_open(const struct ptrace_options *options,
		       struct capture **ret_capture,
		       enum capture_failure *ret_failure);

#endif
