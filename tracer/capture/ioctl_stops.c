/* At the entry and the exit of an ioctl with KVM's type. */
#include <errno.h>
#include <string.h>
#include <sys/user.h>

#include "abi/abi.h"
#include "abi/run.h"
#include "capture/copy.h"
#include "capture/engine.h"
#include "capture/guest_pages.h"
#include "capture/injection.h"
#include "capture/space.h"

static void find_run(struct thread *thread)
{
	struct space *space = thread->process->space;
	struct record *record = &thread->record;
	const struct run_mapping *mapping;

	thread->run_address = 0;
	if (!record->file.id)
		return;
	mapping = space_find_run(space, record->file.id);
	if (!mapping && !space_adopt_run(space, thread->tid, &record->file))
		mapping = space_find_run(space, record->file.id);
	record->no_run_map = !mapping;
	record->private_run_map = mapping && mapping->is_private;
	if (mapping && !mapping->is_private) {
		thread->run_address = mapping->address;
		thread->run_length = mapping->length;
		record->run_mapped = mapping->length;
	}
}

static bool is_run_readable(const struct record *record)
{
	const struct record_part *run = record_find_part(
		record, PART_RUN, PHASE_BEFORE, 0);

	return run && run->length;
}

/* What was known of its place is wrong (mremap): look where it is now. */
static void find_moved_run(struct thread *thread)
{
	struct record *record = &thread->record;

	space_remove_range(thread->process->space, thread->run_address,
			   thread->run_length);
	record->part_count = 0;
	buffer_reset(&record->bytes);
	find_run(thread);
	if (thread->run_address)
		copy_run(record, thread->tid, thread->run_address,
			 thread->run_length, PHASE_BEFORE, NULL);
}

/*
 * Of a request with two meanings, which one's data to copy; the session has
 * the last word on the meaning. Devices are named after their kind.
 */
static uint8_t guess_role(const struct record_file *file)
{
	if (!file->link)
		return 0;
	if (strstr(file->link, "stats"))
		return ROLE_STATS;
	if (strstr(file->link, "kvm-vcpu"))
		return ROLE_VCPU;
	if (strstr(file->link, "kvm-vm"))
		return ROLE_VM;
	return strstr(file->link, "anon_inode:") ? ROLE_DEVICE : ROLE_SYSTEM;
}

/* What the guest is about to see, or sees from now on. */
static void look_at_guest(struct engine *engine, struct thread *thread)
{
	const struct call_oracle *oracle = &engine->options.oracle;
	struct guest_pages pages;
	struct program_memory memory = {
		guest_pages_read, guest_pages_read_frame, &pages,
	};

	if (!oracle->look || !thread->row)
		return;
	guest_pages_init(&pages, thread->tid);
	oracle->look(oracle->context, &thread->record, &memory);
	guest_pages_done(&pages);
}

/*
 * A system call whose number the tracer changes to -1 is skipped (seccomp(2),
 * SECCOMP_RET_TRACE); what the program gets stands in rax when it goes on.
 * Only calls on KVM's files are met, as no others are KVM ioctls.
 */
static void inject(struct engine *engine, struct thread *thread)
{
	struct ptrace_options *options = &engine->options;
	const struct injection *injection;

	if (!thread->record.file.id)
		return;
	injection = injection_find(options->injections,
				   options->injection_count, thread->row);
	if (!injection)
		return;
	if (ptrace(PTRACE_POKEUSER, thread->tid,
		   offsetof(struct user_regs_struct, orig_rax), -1L))
		return;
	thread->record.injected = true;
	thread->record.result = injection->result;
}

/* In place of ioctl_leave(): the kernel has not seen the call. */
static void leave_injected(struct thread *thread)
{
	ptrace(PTRACE_POKEUSER, thread->tid,
	       offsetof(struct user_regs_struct, rax),
	       (long)thread->record.result);
}

void ioctl_enter(struct engine *engine, struct thread *thread,
			struct memory_span *stack)
{
	struct record *record = &thread->record;

	record->request = record->args[1];
	record->argument = record->args[2];
	record->file = file_table_identify(&engine->registry,
					   thread->process->files, thread->tid,
					   record->fd);
	thread->row = abi_find_ioctl(record_request(record),
				     guess_role(&record->file));
	copy_argument(record, thread->tid, thread->row, PHASE_BEFORE,
		      &engine->options.oracle);
	inject(engine, thread);
	if (!abi_is_run(thread->row))
		return;
	find_run(thread);
	if (thread->run_address)
		copy_run(record, thread->tid, thread->run_address,
			 thread->run_length, PHASE_BEFORE, stack);
	if (thread->run_address && !is_run_readable(record))
		find_moved_run(thread);
	if (!record->injected)
		look_at_guest(engine, thread);
}

/* KVM_CREATE_DEVICE writes the descriptor into its argument. */
static int find_made_fd(const struct thread *thread)
{
	const struct record *record = &thread->record;
	const struct abi_ioctl *row = thread->row;
	const struct record_part *part;

	if (!row || record->result < 0)
		return -1;
	if (row->result == RESULT_FD)
		return (int)record->result;
	part = record_find_part(record, PART_ARGUMENT, PHASE_AFTER, 0);
	if (row->result != RESULT_FD_IN_ARGUMENT || !part ||
	    part->length < row->fd_offset + 4u)
		return -1;
	return (int)abi_read(record_part_bytes(record, part) + row->fd_offset,
			     4);
}

/* Errors that a descriptor reused behind our back would give. */
static bool is_suspicious(int64_t result)
{
	return result == -EBADF || result == -ENOTTY;
}

/* Was it the end of the guest, for which its memory may be the reason? */
static bool ended_badly(const struct record *record)
{
	const struct record_part *run = record_find_part(
		record, PART_RUN, PHASE_AFTER, 0);
	uint64_t reason;

	if (record->result == -EFAULT)
		return true;
	if (record->result < 0 || !run || run->length < ABI_RUN_HEAD_BYTES)
		return false;
	reason = RUN_READ(record_part_bytes(record, run), exit_reason);
	return reason == KVM_EXIT_SHUTDOWN ||
	       reason == KVM_EXIT_INTERNAL_ERROR;
}

void ioctl_leave(struct engine *engine, struct thread *thread)
{
	struct record *record = &thread->record;
	int made;

	if (record->injected) {
		leave_injected(thread);
		return;
	}
	if (is_suspicious(record->result))
		record->file = file_table_verify(&engine->registry,
						 thread->process->files,
						 thread->tid, record->fd);
	copy_argument(record, thread->tid, thread->row, PHASE_AFTER,
		      &engine->options.oracle);
	if (abi_is_run(thread->row)) {
		thread->broke_run = record->result == -EINTR;
		if (thread->run_address)
			copy_run(record, thread->tid, thread->run_address,
				 thread->run_length, PHASE_AFTER, NULL);
	}
	if (!abi_is_run(thread->row) || ended_badly(record))
		look_at_guest(engine, thread);
	made = find_made_fd(thread);
	if (made >= 0)
		call_note_made(engine, thread, made);
	if (made >= 0 && abi_gives_stats(thread->row))
		copy_stats(record, thread->process->pid, made);
}
