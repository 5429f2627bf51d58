#include "session/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "session/history_internal.h"

#define BUCKETS 64

struct history {
	struct vcpu_history *vcpus[BUCKETS];	/* by file */
	struct vcpu_history *recent;
	struct process_history *processes;
	struct vm_history *vms;		/* by the session's id */
	size_t vm_count;
};

static void *allocate(size_t bytes)
{
	void *memory = calloc(1, bytes);

	if (!memory)
		log_die("out of memory: what has happened so far");
	return memory;
}

struct history *history_new(void)
{
	return allocate(sizeof(struct history));
}

void history_free(struct history *history)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		while (history->vcpus[i]) {
			struct vcpu_history *vcpu = history->vcpus[i];

			history->vcpus[i] = vcpu->next;
			free(vcpu);
		}
	}
	while (history->processes) {
		struct process_history *process = history->processes;

		history->processes = process->next;
		free(process);
	}
	for (size_t i = 0; i < history->vm_count; i++)
		free(history->vms[i].vcpus);
	free(history->vms);
	free(history);
}

/* The process used last stands first. */
struct process_history *history_process(struct history *history, int32_t pid)
{
	struct process_history **link = &history->processes, *process;

	for (process = *link; process && process->pid != pid; process = *link)
		link = &process->next;
	if (!process) {
		process = allocate(sizeof(*process));
		process->pid = pid;
		link = &history->processes;
	} else {
		*link = process->next;
	}
	process->next = history->processes;
	history->processes = process;
	return process;
}

static void forget_process(struct history *history, int32_t pid)
{
	struct process_history *process = history_process(history, pid);

	history->processes = process->next;
	free(process);
}

const struct vcpu_history *history_find_vcpu(const struct history *history,
					     uint32_t file_id)
{
	const struct vcpu_history *vcpu = history->vcpus[file_id % BUCKETS];

	while (vcpu && vcpu->file_id != file_id)
		vcpu = vcpu->next;
	return vcpu;
}

struct vcpu_history *history_vcpu(struct history *history,
				  const struct record *record,
				  const struct session_view *view)
{
	uint32_t file_id = record->file.id;
	struct vcpu_history *vcpu = history->recent;

	if (view->object.role != ROLE_VCPU || !file_id)
		return NULL;
	if (vcpu && vcpu->file_id == file_id)
		return vcpu;
	vcpu = (struct vcpu_history *)history_find_vcpu(history, file_id);
	if (!vcpu) {
		vcpu = allocate(sizeof(*vcpu));
		vcpu->file_id = file_id;
		vcpu->vm = view->object.vm;
		vcpu->vcpu = view->object.vcpu;
		vcpu->next = history->vcpus[file_id % BUCKETS];
		history->vcpus[file_id % BUCKETS] = vcpu;
	}
	history->recent = vcpu;
	return vcpu;
}

struct vm_history *history_vm(struct history *history, int32_t vm)
{
	size_t wanted = vm < 0 ? 0 : (size_t)vm + 1;

	if (vm < 0)
		return NULL;
	if (wanted > history->vm_count) {
		size_t count = 2 * wanted;

		history->vms = realloc(history->vms,
				       count * sizeof(history->vms[0]));
		if (!history->vms)
			log_die("out of memory: the history of %zu VMs",
				count);
		memset(history->vms + history->vm_count, 0,
		       (count - history->vm_count) * sizeof(history->vms[0]));
		history->vm_count = count;
	}
	return &history->vms[vm];
}

/* A new program has none of the memory that its VMs were made in. */
static void leave_vms(struct history *history, int32_t pid, struct mark mark)
{
	for (size_t i = 0; i < history->vm_count; i++)
		if (history->vms[i].is_known && history->vms[i].pid == pid)
			history->vms[i].left_by_exec = mark;
}

static void apply_made(struct history *history, const struct record *record,
		       const struct session_view *view, struct mark mark)
{
	struct vm_history *vm = NULL;

	if (view->made.role == ROLE_VM && view->object.role == ROLE_SYSTEM)
		vm = history_vm(history, view->made.vm);
	if (!vm || vm->is_known)
		return;
	vm->is_known = true;
	vm->pid = record->pid;
	vm->made = mark;
}

static void apply_ioctl(struct history *history, const struct record *record,
			const struct session_view *view, struct mark mark)
{
	struct vcpu_history *vcpu = history_vcpu(history, record, view);
	struct process_history *process = history_process(history,
							  record->pid);

	apply_made(history, record, view, mark);
	history_apply_to_process(process, record, view, mark);
	if (vcpu)
		history_apply_to_vcpu(vcpu, record, view, mark);
	if (view->object.role == ROLE_VM && record->result >= 0 &&
	    !record->unfinished && !record->injected)
		history_apply_to_vm(history_vm(history, view->object.vm),
				    record, mark);
}

void history_apply(struct history *history, const struct record *record,
		   const struct session_view *view, uint64_t seq)
{
	struct mark mark = { .is_set = true, .seq = seq };

	switch (record->kind) {
	case RECORD_IOCTL:
		apply_ioctl(history, record, view, mark);
		break;
	case RECORD_SIGNAL:
		history_process(history, record->pid)->run_signal =
			record->signal;
		break;
	case RECORD_EXEC:
		leave_vms(history, record->pid, mark);
		break;
	case RECORD_EXIT:
		forget_process(history, record->pid);
		break;
	default:
		break;
	}
}
