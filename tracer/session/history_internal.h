/* What one call adds to the history of its VM, vCPU and process. */
#ifndef SESSION_HISTORY_INTERNAL_H
#define SESSION_HISTORY_INTERNAL_H

#include "session/history.h"

/* A call on the VM that succeeded. */
void history_apply_to_vm(struct vm_history *vm, const struct record *record,
			 struct mark mark);
void history_apply_to_vcpu(struct vcpu_history *vcpu,
			   const struct record *record,
			   const struct session_view *view, struct mark mark);
void history_apply_to_process(struct process_history *process,
			      const struct record *record,
			      const struct session_view *view,
			      struct mark mark);

#endif
