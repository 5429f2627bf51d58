/* The `ioctl` line. */
#include "abi/run.h"
#include "decode/capability.h"
#include "decode/decode.h"
#include "decode/stats.h"
#include "sink/event_internal.h"

static void add_head(struct json_writer *json, uint64_t seq,
		     const struct record *record,
		     const struct session_view *view)
{
	event_begin(json, "ioctl", seq, record->start_ns);
	json_add_unsigned(json, "dur_ns", record->end_ns - record->start_ns);
	json_add_signed(json, "pid", record->pid);
	json_add_signed(json, "tid", record->tid);
	json_add_string(json, "name", view->row ? view->row->name : "unknown");
	json_add_hex(json, "cmd", record_request(record));
	json_add_signed(json, "fd", record->fd);
	event_add_object(json, &view->object);
	if (view->run_index)
		json_add_unsigned(json, "run_index", view->run_index);
	json_add_hex(json, "arg", record->argument);
}

/* The answer to an earlier exit: data, or the members that it asked for. */
static void add_completion(struct json_writer *json,
			   const struct session_view *view,
			   const struct decode_source *run)
{
	const struct abi_exit *row = view->completed_exit;

	json_begin_object(json, "completes");
	if (view->has_completed_seq)
		json_add_unsigned(json, "seq", view->completed_seq);
	if (row) {
		json_begin_object(json, row->member);
		decode_answers(json, row->type, run);
		json_end_object(json);
	} else {
		decode_bytes(json, "data", view->completed_data,
			     view->completed_length);
	}
	json_end_object(json);
}

/* KVM_CAP_SYNC_REGS: registers that go along with KVM_RUN. */
static void add_sync_regs(struct json_writer *json,
			  const struct decode_source *run)
{
	const struct abi_type *type = &abi_type_sync_regs;
	struct decode_source source = *run;
	uint64_t mask;

	if (run->length < ABI_RUN_SYNC_BYTES)
		return;
	mask = abi_run_sync_mask(run->bytes, run->phase == PHASE_AFTER);
	source.bytes += ABI_RUN_BYTES;
	source.length -= ABI_RUN_BYTES;
	json_begin_object(json, "sync_regs");
	for (uint32_t i = 0; i < type->field_count; i++)
		if (mask >> i & 1)
			decode_member(json, &type->fields[i], &source);
	json_end_object(json);
}

/* Writes that KVM kept back in the ring, from `first` to `last`: 4.116. */
static void add_ring(struct json_writer *json, const struct record *record)
{
	const struct record_part *part = record_find_part(
		record, PART_RUN_RING, PHASE_AFTER, 0);
	const struct abi_type *type = &abi_type_coalesced_mmio;
	struct decode_source source = { .phase = PHASE_AFTER };
	uint32_t head = offsetof(struct kvm_coalesced_mmio_ring,
				 coalesced_mmio);
	uint32_t at, last, places;
	const uint8_t *bytes;

	if (!part || part->length < head + type->size)
		return;
	bytes = record_part_bytes(record, part);
	places = (part->length - head) / type->size;
	at = (uint32_t)abi_read(bytes, 4);
	last = (uint32_t)abi_read(bytes + 4, 4);
	json_begin_array(json, "coalesced_mmio");
	for (; at < places && last < places && at != last;
	     at = (at + 1) % places) {
		source.bytes = bytes + head + at * type->size;
		source.length = type->size;
		json_begin_object(json, NULL);
		decode_members(json, type, &source);
		json_end_object(json);
	}
	json_end_array(json);
}

/* What of kvm_run the program told KVM, or KVM the program. */
static void add_run(struct json_writer *json, const struct record *record,
		    const struct session_view *view, enum record_phase phase)
{
	const struct record_part *part = record_find_part(record, PART_RUN,
							  phase, 0);
	struct decode_source source = { .record = NULL, .phase = phase };

	if (!part || part->length < ABI_RUN_HEAD_BYTES)
		return;
	source.bytes = record_part_bytes(record, part);
	source.length = part->length;
	json_begin_object(json, phase == PHASE_BEFORE ? "in" : "out");
	decode_members(json, phase == PHASE_BEFORE ? &abi_run_in
						   : &abi_run_out, &source);
	add_sync_regs(json, &source);
	if (phase == PHASE_AFTER)
		add_ring(json, record);
	else if (view->completes)
		add_completion(json, view, &source);
	json_end_object(json);
}

static void add_in_out(struct json_writer *json, const struct record *record,
		       const struct session_view *view)
{
	bool is_run = abi_is_run(view->row);

	if (abi_gives_stats(view->row)) {
		decode_stats(json, record);
		return;
	}
	for (int phase = PHASE_BEFORE; phase <= PHASE_AFTER; phase++) {
		if (is_run && view->run_index)
			add_run(json, record, view, (enum record_phase)phase);
		else
			decode_argument(json, record, view->row, view->type,
					(enum record_phase)phase);
	}
}

static void add_exit_member(struct json_writer *json,
			    const struct record *record,
			    const struct abi_exit *row,
			    const struct decode_source *source)
{
	struct abi_run_data data = abi_find_run_data(source->bytes);
	const struct record_part *part;

	json_begin_object(json, row->member);
	decode_members(json, row->type, source);
	part = data.length ? record_find_part(record, PART_RUN_DATA,
					      PHASE_AFTER,
					      (uint32_t)data.offset) : NULL;
	if (part)
		decode_bytes(json, "data", record_part_bytes(record, part),
			     part->length);
	json_end_object(json);
}

/* Of a reason without a row: the union, whatever is in it. */
static void add_exit_bytes(struct json_writer *json,
			   const struct decode_source *run)
{
	uint32_t begin = offsetof(struct kvm_run, hw);
	uint32_t end = offsetof(struct kvm_run, kvm_valid_regs);

	decode_bytes(json, "bytes", run->bytes + begin,
		     (run->length < end ? run->length : end) - begin);
}

static void add_exit(struct json_writer *json, const struct record *record)
{
	const struct record_part *part = record_find_part(
		record, PART_RUN, PHASE_AFTER, 0);
	struct decode_source source = {
		.bytes = record_part_bytes(record, part),
		.length = part->length,
		.record = record,
		.phase = PHASE_AFTER,
	};
	uint32_t code = (uint32_t)RUN_READ(source.bytes, exit_reason);
	const struct abi_exit *row = abi_find_exit(code);

	json_begin_object(json, "exit");
	json_add_string(json, "reason", row ? row->name : "unknown");
	json_add_unsigned(json, "code", code);
	if (row && row->member && row->type)
		add_exit_member(json, record, row, &source);
	else if (!row)
		add_exit_bytes(json, &source);
	json_end_object(json);
}

static void add_flow(struct json_writer *json, const struct flow *flow)
{
	json_begin_array(json, "flow");
	for (unsigned int step = 1; step <= FLOW_STEPS; step++) {
		const struct flow_step *described = &flow->steps[step - 1];

		json_begin_object(json, NULL);
		json_add_unsigned(json, "step", step);
		json_add_string(json, "space", flow_space(step));
		json_add_string(json, "box", flow_box(step));
		json_add_text(json, "text", flow->text.data + described->offset,
			      described->length);
		if (step == 4 && flow->device.length)
			json_add_text(json, "device", flow->device.data,
				      flow->device.length);
		if (described->refused)
			json_add_bool(json, "refused", true);
		json_end_object(json);
	}
	json_end_array(json);
}

/* Some capabilities answer KVM_CHECK_EXTENSION with flags: api.rst 7 and 8. */
static void add_answer(struct json_writer *json, const struct record *record)
{
	for (size_t i = 0; i < abi_answer_count; i++)
		if (abi_answers[i].cap == record->argument)
			decode_flag_names(json, "ret_names",
					  abi_answers[i].names,
					  (uint64_t)record->result);
}

static void add_result(struct json_writer *json, const struct record *record,
		       const struct session_view *view)
{
	char meaning[CAPABILITY_TEXT_BYTES];

	event_add_result(json, record->result);
	if (capability_describe(meaning, record, view->row))
		json_add_string(json, "ret_means", meaning);
	if (view->row && record->result > 0 &&
	    view->row->request == KVM_CHECK_EXTENSION)
		add_answer(json, record);
}

void event_write_ioctl(struct json_writer *json, uint64_t seq,
		       const struct record *record,
		       const struct session_view *view,
		       const struct flow *flow, const struct notes *notes)
{
	add_head(json, seq, record, view);
	add_in_out(json, record, view);
	if (record->unfinished)
		json_add_bool(json, "unfinished", true);
	if (record->injected)
		json_add_bool(json, "injected", true);
	if (!record->unfinished)
		add_result(json, record, view);
	event_add_made(json, record, view);
	if (view->has_exit)
		add_exit(json, record);
	event_add_guest(json, view);
	if (flow)
		add_flow(json, flow);
	event_add_caller(json, &record->caller);
	event_add_notes(json, notes);
	json_end_object(json);
}
