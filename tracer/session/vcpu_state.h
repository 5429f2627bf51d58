/* How far one vCPU has come: its runs, and the read that it waits for. */
#ifndef SESSION_VCPU_STATE_H
#define SESSION_VCPU_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "session/session.h"

struct vcpu_state {
	uint64_t runs;
	/* The last exit, when it asks the program for data. */
	bool awaits_read;
	uint64_t run_data_offset;	/* 0: MMIO, data in kvm_run itself */
	uint32_t read_length;
	bool has_seq;
	uint64_t seq;		/* of the last KVM_RUN's line */
	int32_t broken_tid;	/* whose KVM_RUN ended with EINTR; 0: none */
};

/* A KVM_RUN of this vCPU: fill what the view says of it. */
void vcpu_state_apply(struct vcpu_state *vcpu, const struct record *record,
		      struct session_view *view);

/* That run's line got this number; a refused run leaves what came before. */
void vcpu_state_numbered(struct vcpu_state *vcpu, const struct record *record,
			 uint64_t seq);

#endif
