#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/compat.h"
#include "abi/run.h"
#include "base/log.h"
#include "session/history_internal.h"
#include "session/vcpu_state.h"

/* ---- VMs */

static void add_vcpu(struct vm_history *vm, int64_t id, struct mark mark)
{
	if (vm->vcpu_count == vm->vcpu_capacity) {
		vm->vcpu_capacity = vm->vcpu_capacity ?
				    2 * vm->vcpu_capacity : 4;
		vm->vcpus = realloc(vm->vcpus, vm->vcpu_capacity *
				    sizeof(vm->vcpus[0]));
		if (!vm->vcpus)
			log_die("out of memory: %zu vCPUs", vm->vcpu_capacity);
	}
	vm->vcpus[vm->vcpu_count++] = (struct past_vcpu){ id, mark };
}

/* With a split irqchip the local APICs are in the kernel: api.rst 7.5. */
static bool splits_irqchip(const struct record *record)
{
	const struct record_part *part = record_find_part(
		record, PART_ARGUMENT, PHASE_BEFORE, 0);

	return part && part->length >= 4 &&
	       abi_read(record_part_bytes(record, part), 4) ==
		       KVM_CAP_SPLIT_IRQCHIP;
}

void history_apply_to_vm(struct vm_history *vm, const struct record *record,
			 struct mark mark)
{
	if (!vm)
		return;
	switch (record_request(record)) {
	case KVM_CREATE_VCPU:
		add_vcpu(vm, (int64_t)(uint32_t)record->argument, mark);
		return;
	case KVM_CREATE_IRQCHIP:
		vm->irqchip = mark;
		return;
	case KVM_ENABLE_CAP:
		if (splits_irqchip(record))
			vm->irqchip = mark;
		return;
	case KVM_SET_TSS_ADDR:
		vm->tss_address = mark;
		return;
	}
}

/* ---- vCPUs */

static const uint8_t *find_run(const struct record *record,
			       enum record_phase phase)
{
	const struct record_part *part = record_find_part(record, PART_RUN,
							  phase, 0);

	return part && part->length >= ABI_RUN_HEAD_BYTES ?
		record_part_bytes(record, part) : NULL;
}

static struct past_run describe_run(const struct record *record,
				    const struct session_view *view,
				    struct mark mark)
{
	const uint8_t *before = find_run(record, PHASE_BEFORE);
	const uint8_t *after = find_run(record, PHASE_AFTER);
	struct past_run run = {
		.mark = mark, .tid = record->tid, .start_ns = record->start_ns,
		.end_ns = record->end_ns, .result = record->result,
		.was_immediate = before && RUN_READ(before, immediate_exit),
		.has_exit = view->has_exit,
	};

	if (!after || !view->has_exit)
		return run;
	run.reason = (uint32_t)RUN_READ(after, exit_reason);
	run.is_read = view->vcpu && view->vcpu->asked.is_read;
	run.is_ready = RUN_READ(after, ready_for_interrupt_injection);
	run.if_flag = RUN_READ(after, if_flag);
	return run;
}

/*
 * What stands where the answer of a read belongs, as the exit left it. KVM
 * clears it for a port: emulator_pio_in_out(), arch/x86/kvm/x86.c.
 */
static void note_asked(struct past_reads *reads, const uint8_t *run)
{
	const struct abi_run_data data = abi_find_run_data(run);
	uint64_t length = RUN_READ(run, mmio.len);

	memset(reads->data, 0, sizeof(reads->data));
	reads->length = 0;
	reads->port = 0;
	if (data.length && data.is_in) {
		reads->port = (uint16_t)RUN_READ(run, io.port);
		length = data.length;
	} else if (RUN_READ(run, exit_reason) == KVM_EXIT_MMIO &&
		   !RUN_READ(run, mmio.is_write) &&
		   length <= sizeof(((struct kvm_run *)0)->mmio.data)) {
		memcpy(reads->data, run + offsetof(struct kvm_run, mmio.data),
		       length);
	} else {
		return;
	}
	reads->length = length < sizeof(reads->data) ?
			(uint32_t)length : sizeof(reads->data);
}

bool history_answers_nothing(const struct past_reads *reads,
			     const struct session_view *view)
{
	return view->completes && reads->length &&
	       view->completed_length >= reads->length &&
	       !memcmp(view->completed_data, reads->data, reads->length);
}

bool history_polls_status(const struct past_reads *reads,
			  const struct session_view *view)
{
	return view->completes && view->completed_length == 1 &&
	       (reads->port == 0x3fd || reads->port == 0x2fd ||
		reads->port == 0x3ed || reads->port == 0x2ed) &&
	       !(view->completed_data[0] & 0x20);
}

static void count_answer(struct past_reads *reads,
			 const struct session_view *view, struct mark asked)
{
	if (!view->completes)
		return;
	if (!reads->count++)
		reads->first = asked;
	reads->unchanged += history_answers_nothing(reads, view);
	if (!history_polls_status(reads, view))
		reads->status_reads = 0;
	else if (!reads->status_reads++)
		reads->first_status = asked;
}

static void apply_run(struct vcpu_history *vcpu, const struct record *record,
		      const struct session_view *view, struct mark mark)
{
	struct past_run run = describe_run(record, view, mark);
	const uint8_t *after = find_run(record, PHASE_AFTER);

	count_answer(&vcpu->reads, view, vcpu->run.mark);
	if (record->unfinished)
		return;
	vcpu->stuck_runs = run.was_immediate && run.result == -EINTR ?
			   vcpu->stuck_runs + 1 : 0;
	vcpu->reads.follows_mmio = vcpu->run.has_exit &&
				   vcpu->run.reason == KVM_EXIT_MMIO;
	if (view->has_exit && after)
		note_asked(&vcpu->reads, after);
	if (view->has_exit && !vcpu->reads.length)
		vcpu->reads.status_reads = 0;
	vcpu->run = run;
	vcpu->was_set = false;
	vcpu->interrupt.is_set = vcpu->early_interrupt.is_set = false;
	vcpu->asked_registers.is_set = false;
}

/* The registers that an entry of KVM_SET_CPUID2 gives a leaf. */
static void note_leaf(struct past_cpuid *cpuid,
		      const struct kvm_cpuid_entry2 *entry)
{
	if (entry->function == 1) {
		cpuid->leaf_1_ecx = entry->ecx;
		cpuid->leaf_1_edx = entry->edx;
	} else if (entry->function == 7 && !entry->index) {
		cpuid->leaf_7_ebx = entry->ebx;
		cpuid->leaf_7_ecx = entry->ecx;
		cpuid->leaf_7_edx = entry->edx;
	} else if (entry->function == 7 && entry->index == 1) {
		cpuid->leaf_7_1_eax = entry->eax;
	} else if (entry->function == 0xd && !entry->index) {
		cpuid->xcr0 = (uint64_t)entry->edx << 32 | entry->eax;
	}
}

static void apply_cpuid(struct past_cpuid *cpuid, const struct record *record,
			struct mark mark)
{
	const struct record_part *part = record_find_part(
		record, PART_ARGUMENT, PHASE_BEFORE, 0);
	struct kvm_cpuid_entry2 entry;

	*cpuid = (struct past_cpuid){ .mark = mark };
	for (size_t at = sizeof(struct kvm_cpuid2);
	     part && at + sizeof(entry) <= part->length; at += sizeof(entry)) {
		memcpy(&entry, record_part_bytes(record, part) + at,
		       sizeof(entry));
		note_leaf(cpuid, &entry);
	}
}

void history_apply_to_vcpu(struct vcpu_history *vcpu,
			   const struct record *record,
			   const struct session_view *view, struct mark mark)
{
	if (abi_is_run(view->row)) {
		apply_run(vcpu, record, view, mark);
		return;
	}
	if (record->unfinished || record->result < 0)
		return;
	switch (record_request(record)) {
	case KVM_INTERRUPT:
		vcpu->interrupt = mark;
		return;
	case KVM_GET_REGS:
		if (!view->vcpu || !view->vcpu->asked.is_read)
			return;
		vcpu->asked_registers = mark;
		vcpu->asked = view->vcpu->registers.regs;
		vcpu->asks_registers = true;
		return;
	case KVM_SET_CPUID2:
		apply_cpuid(&vcpu->cpuid, record, mark);
		return;
	case KVM_SET_REGS:
	case KVM_SET_SREGS:
	case KVM_SET_SREGS2:
	case KVM_SET_VCPU_EVENTS:
	case KVM_SET_MP_STATE:
		vcpu->was_set = true;
		return;
	}
}

/* ---- Processes */

static void add_wait(struct process_history *process,
		     const struct record *record,
		     const struct session_view *view, struct mark mark)
{
	if (view->object.role != ROLE_VCPU ||
	    process->wait_count == PAST_WAITS_MAX)
		return;
	process->waits[process->wait_count++] = (struct past_wait){
		.mark = mark, .is_run = abi_is_run(view->row),
		.file_id = record->file.id, .vm = view->object.vm,
		.start_ns = record->start_ns, .end_ns = record->end_ns,
	};
}

bool history_is_fatal(uint32_t reason)
{
	return reason == KVM_EXIT_SHUTDOWN || reason == KVM_EXIT_FAIL_ENTRY ||
	       reason == KVM_EXIT_INTERNAL_ERROR;
}

/* A guest that runs on, or the same call that works now, ends a trouble. */
static bool ends_trouble(const struct process_history *process,
			 const struct record *record,
			 const struct session_view *view)
{
	if (record->result < 0)
		return false;
	if (!abi_is_run(view->row))
		return record_request(record) == process->trouble_request;
	return view->has_exit && !history_is_fatal(process->run.reason);
}

/* Who gives up may show the registers first. */
static bool is_look(const struct record *record)
{
	return record_request(record) == KVM_GET_REGS ||
	       record_request(record) == KVM_GET_SREGS;
}

void history_apply_to_process(struct process_history *process,
			      const struct record *record,
			      const struct session_view *view,
			      struct mark mark)
{
	if (record->unfinished) {
		add_wait(process, record, view, mark);
		return;
	}
	if (abi_is_run(view->row) && view->object.role == ROLE_VCPU) {
		process->run = describe_run(record, view, mark);
		process->run_file_id = record->file.id;
		process->run_vm = view->object.vm;
		process->goes_on = false;
		process->run_signal = 0;
	} else if (!is_look(record)) {
		process->goes_on = true;
	}
	if (process->trouble.is_set && ends_trouble(process, record, view))
		process->trouble.is_set = false;
}
