#include "session/completion.h"

#include <errno.h>

#include "abi/compat.h"
#include "abi/run.h"

/*
 * A wrong argument, wrong registers or a foreign process are refused before
 * KVM takes the answer; immediate_exit and signals come behind it
 * (kvm_vcpu_ioctl() and kvm_arch_vcpu_ioctl_run()).
 */
bool completion_is_refused(const struct record *record)
{
	return record->result == -EINVAL || record->result == -EIO;
}

/* The data of a read: in kvm_run, or where the exit said. */
static bool apply_read(const struct completion *asked,
		       const struct record *record,
		       const struct record_part *run,
		       struct session_view *view)
{
	const struct record_part *data = run;
	uint32_t skip = 0;

	if (asked->data_offset)
		data = record_find_part(record, PART_RUN_DATA, PHASE_BEFORE,
					(uint32_t)asked->data_offset);
	else
		skip = offsetof(struct kvm_run, mmio.data);
	if (!data || data->length < skip + asked->length)
		return false;
	view->completed_data = record_part_bytes(record, data) + skip;
	view->completed_length = asked->length;
	return true;
}

bool completion_apply(struct completion *asked, const struct record *record,
		      struct session_view *view)
{
	const struct record_part *run = record_find_part(
		record, PART_RUN, PHASE_BEFORE, 0);
	const struct completion was = *asked;

	if (!run || completion_is_refused(record))
		return false;
	*asked = (struct completion){ 0 };
	if (was.is_read)
		return apply_read(&was, record, run, view);
	view->completed_exit = was.exit;
	return was.exit && run->length >= ABI_RUN_HEAD_BYTES;
}

void completion_note(struct completion *asked, const uint8_t *run,
		     uint32_t length)
{
	struct abi_run_data data = abi_find_run_data(run);
	uint64_t reason = RUN_READ(run, exit_reason);
	uint64_t bytes = RUN_READ(run, mmio.len);
	const struct abi_exit *row = abi_find_exit((uint32_t)reason);

	*asked = (struct completion){ 0 };
	if (reason == KVM_EXIT_IO && data.is_in && data.length <= 4096) {
		asked->is_read = true;
		asked->data_offset = data.offset;
		asked->length = (uint32_t)data.length;
	} else if (reason == KVM_EXIT_MMIO &&
		   !RUN_READ(run, mmio.is_write) &&
		   bytes <= sizeof(((struct kvm_run *)0)->mmio.data)) {
		asked->is_read = true;
		asked->length = (uint32_t)bytes;
	} else if (row && row->type &&
		   abi_has_answer(row->type, run, length)) {
		asked->exit = row;
	}
}
