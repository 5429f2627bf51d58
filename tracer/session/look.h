/*
 * Guest memory for the view of the guest, from where there is some: first from
 * the running program, by pages that are added to the record, later from that
 * record alone.
 */
#ifndef SESSION_LOOK_H
#define SESSION_LOOK_H

#include "guest/guest_view.h"
#include "session/registers.h"
#include "session/session.h"
#include "session/vm_state.h"

/*
 * What the registers and the slots of `vm` (NULL: not known) make of the guest
 * memory in the record. With `program`, pages that are missing in the record
 * are read from it and added.
 */
void look_at_guest(struct record *record, const struct registers *registers,
		   const struct vm_state *vm,
		   const struct program_memory *program,
		   struct guest_view *ret_view);

/* The same, from the record alone. */
void look_at_record(const struct record *record,
		    const struct registers *registers,
		    const struct vm_state *vm, struct guest_view *ret_view);

/*
 * Behind a run that ended badly: is the memory of the slots still there? A
 * byte of each, or none of it, goes into the record; and, where the guest was
 * looked at before (else `view` is NULL), one of its tables and its entry.
 */
#define LOOK_SLOTS_MAX 32

void look_at_slots(struct record *record, const struct vm_state *vm,
		   const struct guest_view *view,
		   const struct program_memory *program);

/* The page frame behind the view's entry point, if the record has it. */
bool look_find_frame(const struct record *record,
		     const struct guest_view *view, uint64_t *ret_frame);

#endif
