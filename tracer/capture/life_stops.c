/* Births, programs and deaths: fork, vfork, clone, exec, exit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/kcmp.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/engine.h"
#include "capture/inprocess/faults.h"
#include "capture/inprocess/inprocess.h"
#include "capture/space.h"

#define PATH_BYTES 4096

/* A number from /proc/PID/status (proc(5)), e.g. "Tgid:"; -1: unknown. */
static long read_status(pid_t tid, const char *key)
{
	char path[32], line[256];
	long value = -1;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	status = fopen(path, "re");
	if (!status)
		return -1;
	while (value < 0 && fgets(line, sizeof(line), status))
		if (!strncmp(line, key, strlen(key)))
			value = strtol(line + strlen(key), NULL, 10);
	fclose(status);
	return value;
}

/*
 * Do two tasks share files or memory? Asked of the kernel, because clone,
 * clone3, fork and vfork tell it in different places.
 */
static bool shares(pid_t tid, pid_t other, int what)
{
	return syscall(SYS_kcmp, tid, other, what, 0, 0) == 0;
}

static struct process *make_process(struct engine *engine, pid_t pid,
				    const struct thread *maker)
{
	struct process *parent = maker ? maker->process : NULL;
	struct process *process;
	struct file_table *files;
	struct space *space;

	if (!parent)
		return process_new(pid, file_table_new(&engine->registry, pid),
				   space_new());
	files = shares(maker->tid, pid, KCMP_FILES) ?
		file_table_ref(parent->files) :
		file_table_copy(parent->files, pid);
	space = shares(maker->tid, pid, KCMP_VM) ? space_ref(parent->space)
						 : space_copy(parent->space);
	process = process_new(pid, files, space);
	if (space != parent->space)
		inprocess_forked(engine, parent, process);
	process->faults = faults_fork(maker, pid);
	return process;
}

/* The process that a thread belongs to by its thread group, or NULL. */
static struct process *find_group(struct engine *engine, pid_t tid)
{
	long group = read_status(tid, "Tgid:");
	struct thread *leader;

	if (group <= 0 || group == tid)
		return NULL;
	leader = tracees_find(&engine->tracees, (pid_t)group);
	return leader ? leader->process : NULL;
}

static void join_process(struct thread *thread, struct process *process)
{
	thread->process = process;
	process->threads++;
}

static void emit_event(struct engine *engine, const struct thread *thread,
		       enum record_kind kind, pid_t other)
{
	struct record *record = &engine->record;

	record_reset(record, kind);
	record->pid = thread->process->pid;
	record->tid = thread->tid;
	record->other_pid = other;
	record->start_ns = record->end_ns = engine_now_ns(engine);
	engine_emit(engine, record);
}

/* Each KVM descriptor that a new process has without having made it. */
static void emit_passed(struct engine *engine, const struct thread *maker,
			const struct thread *child, const char *name)
{
	struct file_table *files = child->process->files;
	struct record *record = &engine->record;
	int fd;

	if (files == maker->process->files)
		return;
	for (size_t i = 0; (fd = file_table_fd_at(files, i)) >= 0; i++) {
		record_reset(record, RECORD_SYSCALL);
		record->pid = maker->process->pid;
		record->tid = maker->tid;
		record->name = name;
		record->fd = fd;
		record->file = file_table_identify(&engine->registry, files,
						   child->tid, fd);
		record->result = child->tid;
		record->start_ns = record->end_ns = engine_now_ns(engine);
		engine_emit(engine, record);
	}
}

static const char *name_event(int event)
{
	return event == PTRACE_EVENT_FORK ? "fork" :
	       event == PTRACE_EVENT_VFORK ? "vfork" : "clone";
}

void life_begin(struct engine *engine, pid_t pid)
{
	struct process *process = process_new(
		pid, file_table_new(&engine->registry, pid), space_new());

	engine->main_pid = pid;
	tracees_add(&engine->tracees, pid, process);
	/* Descriptors that the program inherits may be KVM's. */
	file_table_scan(&engine->registry, process->files, pid);
}

/* It was taken for the child of one that had ended, and runs already. */
static void announce_adopted(struct engine *engine, struct thread *maker,
			     const struct thread *child)
{
	if (engine->options.attach_pid)
		return;
	if (child->process->space == maker->process->space)
		inprocess_share_unseen(engine, maker);
	emit_event(engine, maker, child->process == maker->process ?
		   RECORD_THREAD : RECORD_FORK, child->tid);
}

void life_created(struct engine *engine, struct thread *maker, int event)
{
	struct process *group;
	struct thread *child;
	unsigned long tid;

	if (ptrace(PTRACE_GETEVENTMSG, maker->tid, 0, &tid) < 0 ||
	    !maker->process)
		return;
	child = tracees_find(&engine->tracees, (pid_t)tid);
	if (!child)
		child = tracees_add(&engine->tracees, (pid_t)tid, NULL);
	if (child->process) {
		announce_adopted(engine, maker, child);
		return;
	}
	group = find_group(engine, (pid_t)tid);
	join_process(child, group ? group : make_process(engine, (pid_t)tid,
							 maker));
	if (child->process->space == maker->process->space)
		inprocess_shared(engine, maker, child,
				 event == PTRACE_EVENT_VFORK);
	emit_event(engine, maker, group ? RECORD_THREAD : RECORD_FORK,
		   (pid_t)tid);
	if (!group)
		emit_passed(engine, maker, child, name_event(event));
	if (child->is_held) {
		child->is_held = false;
		engine_resume(engine, child, RESUME_FREE, 0);
	}
}

/* Its maker is gone, or it was there before the tracer. */
void life_adopt(struct engine *engine, struct thread *thread)
{
	struct process *group = find_group(engine, thread->tid);
	struct thread *parent = tracees_find(
		&engine->tracees, (pid_t)read_status(thread->tid, "PPid:"));

	if (thread->process)
		return;
	join_process(thread, group ? group : make_process(engine, thread->tid,
							  parent));
	file_table_scan(&engine->registry, thread->process->files,
			thread->tid);
}

/*
 * A traced program doesn't get the rights of a set-uid file unless the tracer
 * has them: execve(2). That changes what it does, so the trace says it.
 */
static bool loses_setuid(const char *proc_path)
{
	struct stat info;

	return !stat(proc_path, &info) &&
	       (info.st_mode & (S_ISUID | S_ISGID)) && geteuid() != 0;
}

static void emit_exec(struct engine *engine, struct thread *thread)
{
	struct record *record = &engine->record;
	char proc_path[32], path[PATH_BYTES];
	ssize_t length;

	snprintf(proc_path, sizeof(proc_path), "/proc/%d/exe",
		 (int)thread->tid);
	length = readlink(proc_path, path, sizeof(path) - 1);
	path[length < 0 ? 0 : length] = '\0';
	record_reset(record, RECORD_EXEC);
	record->pid = thread->process->pid;
	record->tid = thread->tid;
	record->path = length < 0 ? NULL : path;
	record->other_pid = engine->exec_tid;
	engine->exec_tid = 0;
	record->has_exec_setuid = loses_setuid(proc_path);
	record->start_ns = record->end_ns = engine_now_ns(engine);
	engine_emit(engine, record);
}

void life_first_exec(struct engine *engine, struct thread *thread)
{
	char proc_path[32];

	snprintf(proc_path, sizeof(proc_path), "/proc/%d/exe",
		 (int)thread->tid);
	if (loses_setuid(proc_path))
		emit_exec(engine, thread);
}

struct exec_scan {
	struct engine *engine;
	struct thread *survivor;
};

/* exec ended the other threads; some of them are never reported. */
static void drop_sibling(void *context, struct thread *thread)
{
	struct exec_scan *scan = context;

	if (thread == scan->survivor ||
	    thread->process != scan->survivor->process)
		return;
	call_abandon(scan->engine, thread);
	tracees_remove(&scan->engine->tracees, &scan->engine->registry,
		       thread);
}

/*
 * The new image has an address space and a descriptor table of its own. The
 * thread that called exec takes the leader's tid: ptrace(2), "execve(2)
 * under ptrace".
 */
void life_exec(struct engine *engine, struct thread *thread)
{
	struct exec_scan scan = { engine, thread };
	struct process *process = thread->process;
	struct file_table *files;

	if (!process)
		return;
	thread->call = NULL;
	if (engine->inprocess)
		inprocess_release(engine, thread);
	tracees_each(&engine->tracees, drop_sibling, &scan);
	files = file_table_copy(process->files, process->pid);
	file_table_prune(files, thread->tid);
	file_table_unref(&engine->registry, process->files);
	process->files = files;
	space_unref(process->space);
	process->space = space_new();
	faults_unref(process->faults);
	process->faults = NULL;
	emit_exec(engine, thread);
}

struct adoption {
	struct engine *engine;
};

static void adopt_held(void *context, struct thread *thread)
{
	struct adoption *adoption = context;

	if (!thread->is_held)
		return;
	life_adopt(adoption->engine, thread);
	thread->is_held = false;
	engine_resume(adoption->engine, thread, RESUME_FREE, 0);
}

static void emit_exit(struct engine *engine, const struct thread *thread,
		      int status)
{
	struct record *record = &engine->record;

	record_reset(record, RECORD_EXIT);
	record->pid = record->tid = thread->tid;
	if (WIFSIGNALED(status))
		record->signal = WTERMSIG(status);
	else
		record->status = WEXITSTATUS(status);
	record->start_ns = record->end_ns = engine_now_ns(engine);
	engine_emit(engine, record);
}

void life_gone(struct engine *engine, struct thread *thread, int status)
{
	struct adoption adoption = { engine };
	bool is_leader = thread->process &&
			 thread->process->pid == thread->tid;

	call_abandon(engine, thread);
	if (is_leader)
		emit_exit(engine, thread, status);
	if (thread->tid == engine->main_pid) {
		engine->end.has_status = true;
		engine->end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		engine->end.status = WIFSIGNALED(status) ? 0
							 : WEXITSTATUS(status);
	}
	tracees_remove(&engine->tracees, &engine->registry, thread);
	/*
	 * The event of a maker that was killed, perhaps with its process, never
	 * comes; one that has ended by itself has had its own.
	 */
	if (is_leader || WIFSIGNALED(status))
		tracees_each(&engine->tracees, adopt_held, &adoption);
}
