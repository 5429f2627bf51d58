#include "session/vcpu_state.h"

#include <errno.h>

#include "abi/compat.h"
#include "abi/run.h"

/*
 * A wrong argument, wrong registers or a foreign process are refused before
 * KVM takes the data of a read; immediate_exit and signals come behind it
 * (kvm_vcpu_ioctl() and kvm_arch_vcpu_ioctl_run()).
 */
static bool is_refused(const struct record *record)
{
	return record->result == -EINVAL || record->result == -EIO;
}

/* The data that the program supplied for the exit before, as it re-enters. */
static void apply_completion(struct vcpu_state *vcpu,
			     const struct record *record,
			     struct session_view *view)
{
	const struct record_part *run = record_find_part(
		record, PART_RUN, PHASE_BEFORE, 0);
	const struct record_part *data = run;
	uint32_t skip = 0;

	if (!vcpu->awaits_read || !run || is_refused(record))
		return;
	vcpu->awaits_read = false;
	if (vcpu->run_data_offset)
		data = record_find_part(record, PART_RUN_DATA, PHASE_BEFORE,
					(uint32_t)vcpu->run_data_offset);
	else
		skip = offsetof(struct kvm_run, mmio.data);
	if (!data || data->length < skip + vcpu->read_length)
		return;
	view->completes = true;
	view->has_completed_seq = vcpu->has_seq;
	view->completed_seq = vcpu->seq;
	view->completed_data = record_part_bytes(record, data) + skip;
	view->completed_length = vcpu->read_length;
}

/* Does this exit ask the program for data? Then the next run completes it. */
static void note_exit(struct vcpu_state *vcpu, const uint8_t *run)
{
	struct abi_run_data data = abi_find_run_data(run);
	uint64_t reason = RUN_READ(run, exit_reason);
	uint64_t length = RUN_READ(run, mmio.len);

	vcpu->awaits_read = false;
	if (reason == KVM_EXIT_IO && data.is_in && data.length <= 4096) {
		vcpu->awaits_read = true;
		vcpu->run_data_offset = data.offset;
		vcpu->read_length = (uint32_t)data.length;
	} else if (reason == KVM_EXIT_MMIO &&
		   !RUN_READ(run, mmio.is_write) &&
		   length <= sizeof(((struct kvm_run *)0)->mmio.data)) {
		vcpu->awaits_read = true;
		vcpu->run_data_offset = 0;
		vcpu->read_length = (uint32_t)length;
	}
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

	if (record->unfinished)
		return false;
	if (record->result == -EFAULT || record->result == -EHWPOISON)
		return reason == KVM_EXIT_MEMORY_FAULT;
	if (record->result != -EINTR)
		return record->result >= 0;
	return before && before->length >= ABI_RUN_HEAD_BYTES &&
	       !RUN_READ(record_part_bytes(record, before), immediate_exit) &&
	       reason == KVM_EXIT_INTR;
}

void vcpu_state_apply(struct vcpu_state *vcpu, const struct record *record,
		      struct session_view *view)
{
	const struct record_part *run = record_find_part(
		record, PART_RUN, PHASE_AFTER, 0);

	view->run_index = ++vcpu->runs;
	vcpu->broken_tid = record->result == -EINTR ? record->tid : 0;
	apply_completion(vcpu, record, view);
	if (!run || run->length < ABI_RUN_HEAD_BYTES)
		return;
	view->has_exit = exit_holds(record, record_part_bytes(record, run));
	if (view->has_exit)
		note_exit(vcpu, record_part_bytes(record, run));
}

void vcpu_state_numbered(struct vcpu_state *vcpu, const struct record *record,
			 uint64_t seq)
{
	if (is_refused(record))
		return;
	vcpu->has_seq = true;
	vcpu->seq = seq;
}
