/* At the entry and the exit of a watched call: from registers to a record. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/mman.h>

#include "capture/calls.h"
#include "capture/caller.h"
#include "capture/engine.h"
#include "capture/inprocess/faults.h"
#include "capture/inprocess/inprocess.h"
#include "capture/memory.h"
#include "capture/space.h"

#define PATH_BYTES 4096

/* Enough for the frame of libc's ioctl(), read along with kvm_run. */
#define STACK_TOP_BYTES 128

/* Numbers of a 32-bit caller are 32 bits wide, whatever the registers hold. */
static void set_arguments(struct record *record,
			  const struct __ptrace_syscall_info *info)
{
	record->compat = info->arch == AUDIT_ARCH_I386;
	for (int i = 0; i < 6; i++)
		record->args[i] = record->compat ?
			(uint32_t)info->entry.args[i] : info->entry.args[i];
}

static void find_caller(struct engine *engine, struct thread *thread,
			const struct __ptrace_syscall_info *info,
			const struct memory_span *stack)
{
	struct space *space = thread->process->space;
	struct record *record = &thread->record;

	record->caller.ip = info->instruction_pointer;
	if (engine->options.no_callers)
		return;
	if (!space->callers)
		space->callers = caller_space_new(thread->process->pid);
	thread->stack_reach = caller_find(space->callers, thread->tid,
					  info->instruction_pointer,
					  info->stack_pointer, stack,
					  &record->caller);
}

/* Only an open of something called kvm is worth a second stop. */
static bool enter_open(struct thread *thread)
{
	char path[PATH_BYTES], *end;
	struct record *record = &thread->record;
	int length = memory_read_string(thread->tid,
		record->args[thread->call->path_argument], path, sizeof(path));

	if (length < 0)
		return false;
	end = strrchr(path, '/');
	if (strcmp(end ? end + 1 : path, "kvm"))
		return false;
	buffer_reset(&record->bytes);
	buffer_add(&record->bytes, path, (size_t)length + 1);
	record->path = record->bytes.data;
	return true;
}

static bool covers_known_fd(const struct thread *thread)
{
	const struct record *record = &thread->record;
	int fd;

	for (size_t i = 0;
	     (fd = file_table_fd_at(thread->process->files, i)) >= 0; i++)
		if ((uint32_t)fd >= (uint32_t)record->args[0] &&
		    (uint32_t)fd <= (uint32_t)record->args[1])
			return true;
	return false;
}

static bool hits_run_mapping(struct thread *thread)
{
	struct record *record = &thread->record;
	const struct run_mapping *mapping = space_find_in_range(
		thread->process->space, record->args[0], record->args[1]);

	if (mapping)
		record->file = mapping->file;
	return mapping != NULL;
}

/* A copy onto a known number closes what was there: dup2, dup3. */
static bool touches_known_fd(const struct thread *thread)
{
	const struct file_table *files = thread->process->files;
	const struct record *record = &thread->record;

	if (file_table_has(files, record->fd))
		return true;
	return strcmp(record->name, "dup") &&
	       file_table_has(files, (int)record->args[1]);
}

/*
 * The number is free from here on: before this call's end is seen, another
 * thread may have got it again, for whatever file.
 */
static bool enter_close(struct engine *engine, struct thread *thread)
{
	struct file_table *files = thread->process->files;
	struct record *record = &thread->record;

	if (!file_table_has(files, record->fd))
		return false;
	record->file = file_table_identify(&engine->registry, files,
					   thread->tid, record->fd);
	file_table_remove(files, record->fd);
	return true;
}

/* Is the end of the call of interest? Most calls of these kinds are not. */
static bool enter_other(struct engine *engine, struct thread *thread)
{
	struct record *record = &thread->record;
	struct file_table *files = thread->process->files;

	switch (thread->call->kind) {
	case CALL_OPEN:
		record->fd = -1;
		return enter_open(thread);
	case CALL_MMAP:
		record->fd = (int)record->args[4];
		record->file = file_table_identify(&engine->registry, files,
						   thread->tid, record->fd);
		return record->file.id != 0;
	case CALL_MUNMAP:
		record->fd = -1;
		return hits_run_mapping(thread);
	case CALL_CLOSE_RANGE:
		record->fd = -1;
		return covers_known_fd(thread);
	case CALL_DUP:
		return touches_known_fd(thread);
	case CALL_CLOSE:
		return enter_close(engine, thread);
	case CALL_SIGACTION:
		if (engine->inprocess)
			faults_note_action(thread);
		return false;
	default:
		return file_table_has(files, record->fd);
	}
}

enum resume call_enter(struct engine *engine, struct thread *thread,
		       const struct __ptrace_syscall_info *info)
{
	struct record *record = &thread->record;
	const struct watched_call *call =
		watched_call_find(info->arch, info->entry.nr);
	uint8_t top[STACK_TOP_BYTES];
	struct memory_span stack = {
		.address = info->stack_pointer,
		.bytes = top,
		.length = sizeof(top),
	};

	thread->call = NULL;
	thread->broke_run = false;
	if (!call || !thread->process)
		return RESUME_FREE;
	record_reset(record, call->kind == CALL_IOCTL ? RECORD_IOCTL
						      : RECORD_SYSCALL);
	record->pid = thread->process->pid;
	record->tid = thread->tid;
	record->name = call->name;
	set_arguments(record, info);
	record->fd = (int)record->args[0];
	if (!watched_call_wanted(call, record->args))
		return RESUME_FREE;
	thread->call = call;
	if (call->kind == CALL_IOCTL) {
		ioctl_enter(engine, thread, &stack);
	} else if (!enter_other(engine, thread)) {
		thread->call = NULL;
		return RESUME_FREE;
	}
	find_caller(engine, thread, info, &stack);
	if (engine->inprocess && call->kind == CALL_IOCTL)
		inprocess_entered(engine, thread, info);
	else if (engine->inprocess)
		inprocess_changing(thread);
	record->start_ns = engine_now_ns(engine);
	return RESUME_TO_EXIT;
}

void call_note_made(struct engine *engine, struct thread *thread, int fd)
{
	struct record *record = &thread->record;

	record->made_fd = fd;
	file_table_add_made(&engine->registry, thread->process->files,
			    thread->tid, fd, &record->made_file);
}

static void leave_mmap(struct thread *thread)
{
	struct record *record = &thread->record;
	struct run_mapping mapping = {
		.address = (uint64_t)record->result,
		.length = record->args[1],
		.offset = record->args[5],
		.is_private = !(record->args[3] & MAP_SHARED),
		.file = record->file,
	};

	/* i386's mmap2 counts the offset in pages of 4 KiB: mmap2(2). */
	if (record->compat)
		record->args[5] = mapping.offset *= 4096;
	space_add_mapping(thread->process->space, &mapping);
}

/* open: the record's path was kept in its bytes, which nothing else uses. */
static bool leave_open(struct engine *engine, struct thread *thread)
{
	struct record *record = &thread->record;

	record->path = record->bytes.data;
	if (record->result < 0)
		return !strcmp(record->path, "/dev/kvm");
	call_note_made(engine, thread, (int)record->result);
	return record->made_file.id != 0;
}

static void leave_copy(struct engine *engine, struct thread *thread)
{
	struct record *record = &thread->record;
	struct file_table *files = thread->process->files;

	record->made_fd = (int)record->result;
	if (record->made_fd != record->fd &&
	    file_table_has(files, record->made_fd))
		record->replaced_file = file_table_identify(
			&engine->registry, files, thread->tid,
			record->made_fd);
	file_table_dup(files, record->fd, record->made_fd);
	if (file_table_has(files, record->made_fd))
		record->made_file = file_table_identify(&engine->registry,
							files, thread->tid,
							record->made_fd);
}

/* One record for each KVM descriptor that close_range closed. */
static void leave_close_range(struct engine *engine, struct thread *thread)
{
	struct record *record = &thread->record;
	struct file_table *files = thread->process->files;
	size_t i = 0;
	int fd;

	while ((fd = file_table_fd_at(files, i)) >= 0) {
		if ((uint32_t)fd < (uint32_t)record->args[0] ||
		    (uint32_t)fd > (uint32_t)record->args[1]) {
			i++;
			continue;
		}
		/* With CLOSE_RANGE_CLOEXEC they stay open until the exec. */
		if (record->args[2] & CLOSE_RANGE_CLOEXEC)
			return;
		record->fd = fd;
		record->file = file_table_identify(&engine->registry, files,
						   thread->tid, fd);
		engine_emit(engine, record);
		file_table_remove(files, fd);
	}
}

/* The file of a call's first descriptor, as it was before the call changed it. */
static void name_file(struct engine *engine, struct thread *thread)
{
	struct record *record = &thread->record;

	if (record->fd >= 0 && !record->file.id &&
	    file_table_has(thread->process->files, record->fd))
		record->file = file_table_identify(&engine->registry,
						   thread->process->files,
						   thread->tid, record->fd);
}

static void leave_other(struct engine *engine, struct thread *thread)
{
	struct record *record = &thread->record;
	bool done = record->result >= 0;

	name_file(engine, thread);
	switch (thread->call->kind) {
	case CALL_OPEN:
		if (!leave_open(engine, thread))
			return;
		break;
	case CALL_MMAP:
		if (done)
			leave_mmap(thread);
		break;
	case CALL_MUNMAP:
		if (done)
			space_remove_range(thread->process->space,
					   record->args[0], record->args[1]);
		break;
	case CALL_CLOSE_RANGE:
		if (done)
			leave_close_range(engine, thread);
		return;
	case CALL_CLOSE:
		break;
	default:
		if (done)
			leave_copy(engine, thread);
	}
	engine_emit(engine, record);
}

void call_leave(struct engine *engine, struct thread *thread,
		const struct __ptrace_syscall_info *info)
{
	struct record *record = &thread->record;

	if (!thread->call)
		return;
	record->end_ns = engine_now_ns(engine);
	if (!record->injected)
		record->result = info->exit.rval;
	if (thread->call->kind == CALL_IOCTL) {
		ioctl_leave(engine, thread);
		engine_emit(engine, record);
	} else {
		leave_other(engine, thread);
	}
	thread->call = NULL;
	if (engine->inprocess)
		inprocess_left(engine, thread);
}

void call_abandon(struct engine *engine, struct thread *thread)
{
	struct record *record = &thread->record;

	if (engine->inprocess)
		inprocess_release(engine, thread);
	if (!thread->call)
		return;
	if (thread->call->kind == CALL_IOCTL) {
		record->end_ns = engine_now_ns(engine);
		record->unfinished = true;
		engine_emit(engine, record);
	}
	thread->call = NULL;
}
