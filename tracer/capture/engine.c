/*
 * The ptrace engine: seizes the program, sleeps in waitpid(), and tells the
 * kinds of stop apart (ptrace(2), "Stopped states"). The filter makes only the
 * calls of calls.h stop; an attached program, which has no filter, stops at
 * every call.
 */
#include "capture/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/attach.h"
#include "capture/inprocess/faults.h"
#include "capture/inprocess/inprocess.h"
#include "capture/inprocess/rings.h"
#include "capture/spawn.h"
#include "capture/waiting.h"

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t engine_now_ns(const struct engine *engine)
{
	return clock_ns() - engine->start_ns;
}

void engine_emit(struct engine *engine, const struct record *record)
{
	engine->sink->record(engine->sink->context, record);
}

static bool is_attached(const struct engine *engine)
{
	return engine->options.attach_pid != 0;
}

static bool is_detaching(const struct engine *engine)
{
	return is_attached(engine) &&
	       atomic_load(&engine->interrupt.wants_detach);
}

void engine_resume(struct engine *engine, struct thread *thread,
		   enum resume resume, int signal)
{
	bool stops_at_calls = resume == RESUME_TO_EXIT || is_attached(engine);

	/*
	 * Not on the way into a call: letting go wakes the thread as a signal
	 * would, and KVM_RUN would give EINTR.
	 */
	if (is_detaching(engine) && resume == RESUME_FREE) {
		ptrace(PTRACE_DETACH, thread->tid, 0, (long)signal);
		call_abandon(engine, thread);
		tracees_remove(&engine->tracees, &engine->registry, thread);
		return;
	}
	/* ESRCH: it was killed meanwhile; waitpid() will say so. */
	ptrace(stops_at_calls ? PTRACE_SYSCALL : PTRACE_CONT, thread->tid, 0,
	       (long)signal);
}

static bool read_info(struct thread *thread, struct __ptrace_syscall_info *info)
{
	return ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(*info),
		      info) > 0;
}

static void dispatch(struct engine *engine, pid_t tid, int status);

static void on_call(struct engine *engine, struct thread *thread)
{
	struct __ptrace_syscall_info info;
	enum resume resume = RESUME_FREE;
	enum inprocess_stop stop = STOP_OF_PROGRAM;
	int status = 0;

	if (read_info(thread, &info)) {
		if (engine->inprocess)
			stop = inprocess_stop(engine, thread, &info, &status);
		if (stop == STOP_GONE && status)
			dispatch(engine, thread->tid, status);
		if (stop == STOP_GONE)
			return;
		if (stop == STOP_TAKEN)
			;
		else if (is_detaching(engine) && attach_restart_call(thread))
			call_abandon(engine, thread);
		else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
			call_leave(engine, thread, &info);
		else if (info.op != PTRACE_SYSCALL_INFO_NONE)
			resume = call_enter(engine, thread, &info);
		if (is_detaching(engine) &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY)
			resume = RESUME_TO_EXIT;
	}
	engine_resume(engine, thread, resume, 0);
}

static bool is_stop_signal(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN ||
	       signal == SIGTTOU;
}

/* A group stop lasts until SIGCONT; other stops of this kind are ours. */
static void on_stop(struct engine *engine, struct thread *thread, int signal)
{
	if (is_stop_signal(signal)) {
		if (is_detaching(engine))
			engine_resume(engine, thread, RESUME_FREE, 0);
		else
			ptrace(PTRACE_LISTEN, thread->tid, 0, 0);
		return;
	}
	if (!thread->process && !is_attached(engine)) {
		thread->is_held = true;
		return;
	}
	if (!thread->process)
		life_adopt(engine, thread);
	if (is_attached(engine))
		attach_restart_call(thread);
	engine_resume(engine, thread, RESUME_FREE, 0);
}

static void on_signal(struct engine *engine, struct thread *thread, int signal)
{
	struct record *record = &engine->record;
	int status = 0;

	if (engine->inprocess &&
	    inprocess_signal(engine, thread, signal, &status))
		signal = 0;
	if (status) {
		dispatch(engine, thread->tid, status);
		return;
	}
	if (engine->inprocess && signal)
		faults_note_delivery(thread, signal);
	if (signal && thread->broke_run) {
		record_reset(record, RECORD_SIGNAL);
		record->pid = thread->process->pid;
		record->tid = thread->tid;
		record->signal = signal;
		record->start_ns = record->end_ns = engine_now_ns(engine);
		thread->broke_run = false;
		engine_emit(engine, record);
	}
	engine_resume(engine, thread, RESUME_FREE, signal);
}

/* exec by a thread that isn't the leader: it now answers to the leader's tid. */
static struct thread *take_over_leader(struct engine *engine,
				       struct thread *leader)
{
	unsigned long former;
	struct thread *caller;

	if (ptrace(PTRACE_GETEVENTMSG, leader->tid, 0, &former) < 0 ||
	    (pid_t)former == leader->tid)
		return leader;
	caller = tracees_find(&engine->tracees, (pid_t)former);
	if (caller) {
		call_abandon(engine, caller);
		tracees_remove(&engine->tracees, &engine->registry, caller);
	}
	call_abandon(engine, leader);
	engine->exec_tid = (pid_t)former;
	return leader;
}

static void on_event(struct engine *engine, struct thread *thread, int event,
		     int signal)
{
	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		on_call(engine, thread);
		return;
	case PTRACE_EVENT_STOP:
		on_stop(engine, thread, signal);
		return;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		life_created(engine, thread, event);
		break;
	case PTRACE_EVENT_EXEC:
		life_exec(engine, take_over_leader(engine, thread));
		break;
	case PTRACE_EVENT_EXIT:
		call_abandon(engine, thread);
		break;
	}
	engine_resume(engine, thread, RESUME_FREE, 0);
}

static void dispatch(struct engine *engine, pid_t tid, int status)
{
	struct thread *thread = tracees_find(&engine->tracees, tid);
	int signal = WSTOPSIG(status);

	if (!WIFSTOPPED(status)) {
		if (thread)
			life_gone(engine, thread, status);
		return;
	}
	/* Another thread's exec, in the same round, ended it. */
	if (!thread)
		return;
	engine->end.stops++;
	follower_stop(&engine->follower, tid);
	rings_drain(engine);
	if (status >> 16)
		on_event(engine, thread, status >> 16, signal);
	else if (signal == (SIGTRAP | 0x80))
		on_call(engine, thread);
	else
		on_signal(engine, thread, signal);
}

static void kill_thread(void *context, struct thread *thread)
{
	(void)context;
	if (!thread->process || thread->process->pid == thread->tid)
		kill(thread->tid, SIGKILL);
}

static void interrupt_thread(void *context, struct thread *thread)
{
	(void)context;
	ptrace(PTRACE_INTERRUPT, thread->tid, 0, 0);
}

static void count_tasks(struct engine *engine)
{
	const struct capture_bounds *bounds = engine->options.bounds;

	if (!bounds || engine->tracees.count <= bounds->tasks_max)
		return;
	engine->end.too_many_tasks = true;
	atomic_store(&engine->interrupt.wants_kill, true);
}

/*
 * Does the watcher want something? It wakes waitpid() until it is done. Those
 * who are to die may just have made others: it is done when nobody is left.
 */
static void obey_watcher(struct engine *engine)
{
	if (atomic_load(&engine->interrupt.wants_kill))
		tracees_each(&engine->tracees, kill_thread, NULL);
	if (atomic_load(&engine->interrupt.wants_detach) &&
	    !engine->end.detached) {
		engine->end.detached = true;
		tracees_each(&engine->tracees, interrupt_thread, NULL);
	}
}

/* Let the program begin; one that its exec killed is over already. */
static void start_main(struct engine *engine)
{
	struct thread *main = tracees_find(&engine->tracees, engine->main_pid);

	if (engine->early_status >= 0) {
		life_gone(engine, main, engine->early_status);
		return;
	}
	life_first_exec(engine, main);
	engine_resume(engine, main, RESUME_FREE, 0);
}

static int engine_run(struct capture *capture, const struct record_sink *sink,
		      struct record_end *ret_end)
{
	struct engine *engine = (struct engine *)capture;
	int error = interrupt_start(&engine->interrupt, engine->main_pid,
				    is_attached(engine),
				    engine->options.timeout_s);

	if (error)
		return error;
	engine->sink = sink;
	follower_init(&engine->follower);
	if (engine->options.inprocess)
		engine->inprocess = inprocess_new(engine);
	engine->end.calls.is_known = engine->inprocess != NULL;
	if (!is_attached(engine))
		start_main(engine);
	while (engine->tracees.count && waiting_take(engine)) {
		count_tasks(engine);
		obey_watcher(engine);
		for (size_t i = 0; i < engine->waited.count; i++)
			dispatch(engine, engine->waited.events[i].tid,
				 engine->waited.events[i].status);
	}
	follower_leave(&engine->follower);
	if (engine->inprocess)
		engine->end.calls.broken_rings = engine->inprocess->broken;
	engine->end.end_ns = engine_now_ns(engine);
	interrupt_stop(&engine->interrupt);
	engine->end.timed_out = atomic_load(&engine->interrupt.timed_out);
	*ret_end = engine->end;
	return 0;
}

/* Threads are left only when the engine never ran: the program must not either. */
static void drop_thread(void *context, struct thread *thread)
{
	struct engine *engine = context;

	if (!is_attached(engine))
		kill(thread->tid, SIGKILL);
	tracees_remove(&engine->tracees, &engine->registry, thread);
}

static void engine_free(struct capture *capture)
{
	struct engine *engine = (struct engine *)capture;

	tracees_each(&engine->tracees, drop_thread, engine);
	inprocess_free(engine->inprocess);
	file_registry_done(&engine->registry);
	record_free(&engine->record);
	free(engine);
}

static const struct capture_ops ptrace_ops = {
	.name = "ptrace",
	.run = engine_run,
	.free = engine_free,
};

/*
 * Descriptors, mappings and threads are looked up in /proc: it must be there,
 * and of this pid namespace.
 */
static int check_proc(void)
{
	char text[16] = "";

	if (readlink("/proc/self", text, sizeof(text) - 1) < 0)
		return -errno;
	return atoi(text) == (int)getpid() ? 0 : -ESRCH;
}

int ptrace_engine_open(const struct ptrace_options *options,
		       struct capture **ret_capture,
		       enum capture_failure *ret_failure)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	pid_t pid = options->attach_pid;
	int error;

	if (!engine)
		log_die("out of memory: the ptrace engine");
	engine->head.ops = &ptrace_ops;
	engine->options = *options;
	engine->start_ns = clock_ns();
	engine->early_status = -1;
	*ret_failure = FAILED_PROC;
	error = check_proc();
	if (error) {
		engine_free(&engine->head);
		return error;
	}
	interrupt_prepare(&engine->interrupt);
	*ret_failure = FAILED_SEIZE;
	if (pid)
		error = attach_seize_all(engine, pid);
	else
		error = spawn_program(options, &engine->interrupt.original_mask,
				      &pid, &engine->early_status,
				      ret_failure);
	if (error) {
		interrupt_stop(&engine->interrupt);
		engine_free(&engine->head);
		return error;
	}
	if (!options->attach_pid)
		life_begin(engine, pid);
	*ret_failure = FAILED_NOTHING;
	*ret_capture = &engine->head;
	return 0;
}
