/*
 * What an exit asks of the program, and the next KVM_RUN's answer: the data
 * of a port or MMIO read, or the members that the exit's row marks with
 * is_answer (an MSR's value, what a hypercall returns). It borrows from the
 * record; whose line the exit was is the vCPU's to tell.
 */
#ifndef SESSION_COMPLETION_H
#define SESSION_COMPLETION_H

#include <stdbool.h>
#include <stdint.h>

#include "session/session.h"

/* What the last exit asks for; all zero: nothing. */
struct completion {
	const struct abi_exit *exit;	/* its members, or NULL: */
	bool is_read;			/* data, of `length` bytes */
	uint64_t data_offset;		/* 0: MMIO, data in kvm_run itself */
	uint32_t length;
};

/* Did KVM refuse this run before it took an answer? */
bool completion_is_refused(const struct record *record);

/*
 * What the program answers as it enters again, into the view; false when
 * nothing was asked for or the answer can't be seen.
 */
bool completion_apply(struct completion *asked, const struct record *record,
		      struct session_view *view);

/* Remember what this exit asks for; `run` has ABI_RUN_HEAD_BYTES or more. */
void completion_note(struct completion *asked, const uint8_t *run,
		     uint32_t length);

#endif
