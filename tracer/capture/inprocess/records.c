#include "capture/inprocess/records.h"

#include <string.h>

#include "abi/abi.h"
#include "capture/caller.h"
#include "capture/inprocess/agent.h"
#include "capture/space.h"

/* What was copied of the stack was too little: so much more next time. */
#define STACK_STEP 128

static uint32_t at_most(uint64_t value, uint32_t most)
{
	return value < most ? (uint32_t)value : most;
}

static void add_bytes(struct record *record, enum record_part_kind kind,
		      enum record_phase phase, uint32_t at,
		      const struct ring_section *section)
{
	struct record_part *part = record_add_part(record, kind, phase, at,
						   section->length);

	/* Without any bytes the record may have no memory yet. */
	if (part && part->length)
		memcpy(record->bytes.data + part->offset, section->bytes,
		       section->length);
}

/*
 * A short one ends behind the exit's member: nobody reads what comes then.
 * Where nothing is mapped there is none, whatever was written.
 */
static void add_run(struct record *record, enum record_phase phase,
		    const struct ring_section *section)
{
	uint32_t wanted = at_most(record->run_mapped, ABI_RUN_BYTES);
	uint32_t length = at_most(section->length, wanted);
	struct record_part *part = NULL;

	if (wanted)
		part = record_add_part(record, PART_RUN, phase, 0, wanted);
	if (!part)
		return;
	memcpy(record->bytes.data + part->offset, section->bytes, length);
	memset(record->bytes.data + part->offset + length, 0, wanted - length);
}

/* The data's place is told by kvm_run, which came before. */
static void add_run_data(struct record *record, enum record_phase phase,
			 const struct ring_section *section)
{
	const struct record_part *run = record_find_part(record, PART_RUN,
							 phase, 0);
	struct abi_run_data data;

	if (!run || run->length < ABI_RUN_HEAD_BYTES)
		return;
	data = abi_find_run_data(record_part_bytes(record, run));
	add_bytes(record, PART_RUN_DATA, phase, (uint32_t)data.offset, section);
}

static void add_section(struct record *record,
			const struct ring_section *section)
{
	switch (section->kind) {
	case SECTION_RUN_BEFORE:
		add_run(record, PHASE_BEFORE, section);
		break;
	case SECTION_DATA_BEFORE:
		add_run_data(record, PHASE_BEFORE, section);
		break;
	case SECTION_RUN_AFTER:
		add_run(record, PHASE_AFTER, section);
		break;
	case SECTION_DATA_AFTER:
		add_run_data(record, PHASE_AFTER, section);
		break;
	case SECTION_RING:
		add_bytes(record, PART_RUN_RING, PHASE_AFTER, 0, section);
		break;
	case SECTION_ARGUMENT_BEFORE:
		add_bytes(record, PART_ARGUMENT, PHASE_BEFORE, 0, section);
		break;
	case SECTION_ARGUMENT_AFTER:
		add_bytes(record, PART_ARGUMENT, PHASE_AFTER, 0, section);
		break;
	}
}

static void find_caller(struct engine *engine, const struct thread *thread,
			const struct ring_record *from, struct record *record)
{
	const struct ring_head *head = &from->head;
	struct space *space = thread->process->space;
	struct ring_section top;
	struct memory_span stack = { .address = head->rsp, .is_all = true };
	uint32_t at = 0;

	if (ring_next_section(from, &at, &top) && top.kind == SECTION_STACK) {
		stack.bytes = (void *)top.bytes;
		stack.length = stack.got = top.length;
	}

	record->caller.ip = head->ip;
	if (engine->options.no_callers)
		return;
	if (!space->callers)
		space->callers = caller_space_new(thread->process->pid);
	if (!caller_find_past(space->callers, thread->tid, head->ip, head->rbp,
			      &stack, &record->caller))
		agent_want_stack(thread->ring->agent, stack.length + STACK_STEP);
}

void records_fill(struct engine *engine, const struct thread *thread,
		  const struct ring_record *from, struct record *ret)
{
	const struct ring_head *head = &from->head;
	struct ring_section section;
	uint32_t at = 0;

	record_reset(ret, RECORD_IOCTL);
	ret->pid = thread->process->pid;
	ret->tid = thread->tid;
	ret->name = "ioctl";
	ret->fd = head->fd;
	ret->file = file_registry_find(&engine->registry,
				       thread->process->files, head->file);
	ret->request = ret->args[1] = head->request;
	ret->argument = ret->args[2] = head->argument;
	ret->args[0] = (uint64_t)(int64_t)head->fd;
	ret->result = head->result;
	if (abi_is_run(abi_find_ioctl(record_request(ret), ROLE_VCPU)))
		ret->run_mapped = head->run_bytes;
	while (ring_next_section(from, &at, &section))
		add_section(ret, &section);
	find_caller(engine, thread, from, ret);
}
