/*
 * How far one vCPU has come: its registers, its runs, and the read that it
 * waits for.
 */
#ifndef SESSION_VCPU_STATE_H
#define SESSION_VCPU_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "session/completion.h"
#include "session/registers.h"
#include "session/session.h"
#include "session/vm_state.h"

#define VCPU_NO_SEQ UINT64_MAX

struct vcpu_state {
	uint64_t runs;
	/* The last exit, when it asks the program for data. */
	struct completion asked;
	bool has_seq;
	uint64_t seq;		/* of the last KVM_RUN's line */
	struct registers registers;	/* as they are known now */
	/* The lines of the calls that set them last, or VCPU_NO_SEQ. */
	uint64_t regs_seq, sregs_seq;

	/* When the guest was entered first, or first since something changed: */
	bool was_entered;
	struct registers entered;
	struct guest_view *guest;	/* the last view; NULL: none yet */
	/* The ranges of the run whose line had them, and that line. */
	struct guest_ranges *ranges;	/* NULL: none yet */
	uint64_t ranges_seq;		/* or VCPU_NO_SEQ */
	bool is_ranges_line;		/* the line to come is that one */
	/* What session_look() saw when it looked last at a KVM_RUN. */
	bool was_looked_at;
	uint64_t looked_changes, looked_slot_changes;

	int32_t broken_tid;	/* whose KVM_RUN ended with EINTR; 0: none */
};

/* A vCPU whose making was seen begins with the registers of a reset. */
void vcpu_state_init(struct vcpu_state *vcpu, bool was_made);
void vcpu_state_done(struct vcpu_state *vcpu);

/*
 * A call on this vCPU; `vm` is its VM, or NULL. Of a KVM_RUN the view says
 * more.
 */
void vcpu_state_apply(struct vcpu_state *vcpu, const struct record *record,
		      const struct vm_state *vm, struct session_view *view);

/* That call's line got this number; a refused run leaves what came before. */
void vcpu_state_numbered(struct vcpu_state *vcpu, const struct record *record,
			 uint64_t seq);

#endif
