#include "session/vcpu_state.h"

#include <errno.h>
#include <stdlib.h>

#include "abi/compat.h"
#include "abi/run.h"
#include "base/log.h"
#include "session/look.h"

/* What the program answers to the exit before, as it re-enters. */
static void apply_completion(struct vcpu_state *vcpu,
			     const struct record *record,
			     struct session_view *view)
{
	if (!completion_apply(&vcpu->asked, record, view))
		return;
	view->completes = true;
	view->has_completed_seq = vcpu->has_seq;
	view->completed_seq = vcpu->seq;
}

/*
 * Do the exit fields tell of this run? When it succeeded; after an error in
 * two cases only, otherwise they are left from before: EFAULT and EHWPOISON
 * with KVM_EXIT_MEMORY_FAULT (api.rst 6.35), and EINTR with KVM_EXIT_INTR,
 * unless immediate_exit made KVM_RUN return before it touched them (api.rst 5).
 */
static bool exit_holds(const struct record *record, const uint8_t *run)
{
	const struct record_part *before = record_find_part(
		record, PART_RUN, PHASE_BEFORE, 0);
	uint64_t reason = RUN_READ(run, exit_reason);

	if (record->unfinished || record->injected)
		return false;
	if (record->result == -EFAULT || record->result == -EHWPOISON)
		return reason == KVM_EXIT_MEMORY_FAULT;
	if (record->result != -EINTR)
		return record->result >= 0;
	return before && before->length >= ABI_RUN_HEAD_BYTES &&
	       !RUN_READ(record_part_bytes(record, before), immediate_exit) &&
	       reason == KVM_EXIT_INTR;
}

void vcpu_state_init(struct vcpu_state *vcpu, bool was_made)
{
	vcpu->regs_seq = vcpu->sregs_seq = vcpu->ranges_seq = VCPU_NO_SEQ;
	if (was_made)
		registers_reset(&vcpu->registers);
}

void vcpu_state_done(struct vcpu_state *vcpu)
{
	free(vcpu->guest);
	free(vcpu->ranges);
}

/*
 * A program that sets registers at each exit would have the same long list at
 * each: lines refer to the last run's.
 */
static void compare_ranges(struct vcpu_state *vcpu, struct session_view *view)
{
	const struct guest_ranges *now = &vcpu->guest->ranges;

	if (vcpu->ranges_seq != VCPU_NO_SEQ && now->count &&
	    guest_ranges_equal(now, vcpu->ranges)) {
		view->has_same_ranges = true;
		view->ranges_seq = vcpu->ranges_seq;
	} else if (abi_is_run(view->row)) {
		*vcpu->ranges = *now;
		vcpu->ranges_seq = VCPU_NO_SEQ;
		vcpu->is_ranges_line = true;
	}
}

/* The registers and the memory, as the processor is about to meet them. */
static void view_guest(struct vcpu_state *vcpu, const struct record *record,
		       const struct vm_state *vm, struct session_view *view)
{
	if (!vcpu->guest) {
		vcpu->guest = calloc(1, sizeof(*vcpu->guest));
		vcpu->ranges = calloc(1, sizeof(*vcpu->ranges));
	}
	if (!vcpu->guest || !vcpu->ranges)
		log_die("out of memory: the view of a guest");
	look_at_record(record, &vcpu->registers, vm, vcpu->guest);
	view->guest = vcpu->guest;
	view->has_frame = look_find_frame(record, vcpu->guest, &view->frame);
	compare_ranges(vcpu, view);
}

static void enter_guest(struct vcpu_state *vcpu, const struct record *record,
			const struct vm_state *vm, struct session_view *view)
{
	registers_apply(&vcpu->registers, record);
	if (record->looked) {
		view_guest(vcpu, record, vm, view);
		vcpu->entered = vcpu->registers;
		vcpu->was_entered = true;
	}
	registers_ran(&vcpu->registers, record);
}

static void apply_run(struct vcpu_state *vcpu, const struct record *record,
		      const struct vm_state *vm, struct session_view *view)
{
	const struct record_part *run = record_find_part(
		record, PART_RUN, PHASE_AFTER, 0);

	view->run_index = ++vcpu->runs;
	vcpu->is_ranges_line = false;
	if (record->injected)
		return;
	vcpu->broken_tid = record->result == -EINTR ? record->tid : 0;
	apply_completion(vcpu, record, view);
	/* Unless this run's line is written, later ones can't refer to it. */
	if (!completion_is_refused(record))
		vcpu->has_seq = false;
	if (record->unfinished || !completion_is_refused(record))
		enter_guest(vcpu, record, vm, view);
	else
		vcpu->was_looked_at = false;
	if (!run || run->length < ABI_RUN_HEAD_BYTES)
		return;
	view->has_exit = exit_holds(record, record_part_bytes(record, run));
	if (view->has_exit)
		completion_note(&vcpu->asked, record_part_bytes(record, run),
				run->length);
}

void vcpu_state_apply(struct vcpu_state *vcpu, const struct record *record,
		      const struct vm_state *vm, struct session_view *view)
{
	if (abi_is_run(view->row)) {
		apply_run(vcpu, record, vm, view);
		return;
	}
	if (!record_is_done(record))
		return;
	registers_apply(&vcpu->registers, record);
	if (record->looked)
		view_guest(vcpu, record, vm, view);
}

void vcpu_state_numbered(struct vcpu_state *vcpu, const struct record *record,
			 uint64_t seq)
{
	bool is_done = record_is_done(record);

	switch (record_request(record)) {
	case KVM_RUN:
		if (completion_is_refused(record))
			return;
		vcpu->has_seq = true;
		vcpu->seq = seq;
		if (vcpu->is_ranges_line)
			vcpu->ranges_seq = seq;
		vcpu->is_ranges_line = false;
		return;
	case KVM_SET_REGS:
		if (is_done)
			vcpu->regs_seq = seq;
		return;
	case KVM_SET_SREGS:
	case KVM_SET_SREGS2:
		if (is_done)
			vcpu->sregs_seq = seq;
		return;
	}
}
