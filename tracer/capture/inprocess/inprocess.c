#include "capture/inprocess/inprocess.h"

#include <errno.h>
#include <signal.h>
#include <linux/audit.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/caller.h"
#include "capture/calls.h"
#include "capture/inprocess/eviction.h"
#include "capture/inprocess/faults.h"
#include "capture/inprocess/inject.h"
#include "capture/inprocess/rings.h"
#include "capture/inprocess/signals.h"
#include "capture/space.h"

uint64_t inprocess_free_ip(void)
{
	return agent_address(agent_syscall_end);
}

struct inprocess *inprocess_new(const struct engine *engine)
{
	struct inprocess *inprocess = calloc(1, sizeof(*inprocess));
	struct signals signals;

	if (!inprocess)
		log_die("out of memory: the in-process engine");
	requests_fill(&engine->options, inprocess->requests);
	if (signals_read(engine->main_pid, &signals))
		inprocess->filters = signals.filters;
	tsc_clock_init(&inprocess->clock, engine->start_ns);
	return inprocess;
}

void inprocess_free(struct inprocess *inprocess)
{
	if (!inprocess)
		return;
	rings_done(inprocess);
	record_free(&inprocess->record);
	free(inprocess);
}

void inprocess_count(struct engine *engine, enum slow_reason reason)
{
	engine->end.calls.ptrace++;
	engine->end.calls.slow[reason]++;
}

void inprocess_release(struct engine *engine, struct thread *thread)
{
	struct user_regs_struct regs;
	bool has_regs;

	inprocess_left(engine, thread);
	if (!thread->ring)
		return;
	rings_drain(engine);
	has_regs = !ptrace(PTRACE_GETREGS, thread->tid, 0, &regs);
	eviction_abandon(engine, thread, has_regs ? &regs : NULL);
	rings_drop(engine->inprocess, thread);
}

/*
 * A filter of the program's own may end it for a call that isn't its own. Where
 * they aren't counted (before Linux 5.9) it may have one.
 */
static bool has_own_filter(const struct engine *engine, pid_t tid)
{
	struct signals signals;

	return !engine->inprocess->filters || !signals_read(tid, &signals) ||
	       signals.filters > engine->inprocess->filters;
}

/* Put the agent into the process, which makes its first KVM ioctl. */
static enum inprocess_stop inject(struct engine *engine, struct thread *thread,
				  int *ret_status)
{
	struct space *space = thread->process->space;
	struct remote remote;
	int error;

	space->agent_refused = "it has a seccomp filter of its own";
	if (has_own_filter(engine, thread->tid))
		return STOP_OF_PROGRAM;
	error = remote_begin(&remote, thread->tid);
	space->agent_refused = "its first call can't be set back";
	if (!error) {
		inject_agent(&remote, thread->process,
			     engine->inprocess->requests, &space->agent,
			     &space->agent_refused);
		remote_end(&remote);
	}
	*ret_status = remote.status;
	return remote.is_gone ? STOP_GONE : error ? STOP_OF_PROGRAM
						  : STOP_TAKEN;
}

static bool is_plain_ioctl(const struct __ptrace_syscall_info *info)
{
	return info->op == PTRACE_SYSCALL_INFO_SECCOMP &&
	       info->arch == AUDIT_ARCH_X86_64 && info->seccomp.nr == SYS_ioctl;
}

static bool is_kvm_ioctl(const struct __ptrace_syscall_info *info)
{
	const struct watched_call *call = watched_call_find(info->arch,
							    SYS_ioctl);
	uint64_t args[6];

	memcpy(args, info->seccomp.args, sizeof(args));
	return watched_call_wanted(call, args);
}

/* Give the thread a ring, unless the agent's descriptors aren't its own. */
static bool add_thread(struct engine *engine, struct thread *thread)
{
	struct agent *agent = thread->process->space->agent;
	const char *why = "threads with descriptors of their own";

	if (agent->files == thread->process->files &&
	    agent->pid == thread->process->pid)
		thread->ring = agent_add_thread(agent, thread, &why);
	if (!thread->ring) {
		engine->end.calls.thread = why;
		return false;
	}
	rings_add(engine->inprocess, thread->ring);
	return true;
}

/* Of a call that could have been taken in the process, as far as the site goes. */
static enum slow_reason find_reason(const struct engine *engine,
				    const struct thread *thread)
{
	const struct agent *agent = thread->ring->agent;
	const struct record *record = &thread->record;
	const struct agent_request *request =
		&engine->inprocess->requests[
			REQUEST_INDEX(record_request(record))];
	const struct agent_fd *fd = (uint32_t)record->fd < AGENT_FDS ?
		&agent->fds[record->fd] : NULL;

	/* The word itself: people may set it too. */
	if (__atomic_load_n(&agent->tables->pause, __ATOMIC_RELAXED))
		return SLOW_PAUSED;
	if (request->request != record_request(record) ||
	    request->kind == KIND_TRACER)
		return SLOW_REQUEST;
	if (!fd || !fd->file)
		return SLOW_DESCRIPTOR;
	if (request->kind == KIND_RUN && fd->looks)
		return SLOW_LOOK;
	if (request->kind == KIND_RUN && !fd->run)
		return SLOW_DESCRIPTOR;
	return ring_was_full(&thread->ring->ring) ? SLOW_FULL : SLOW_ARGUMENT;
}

static enum slow_reason prepare_next(struct engine *engine,
				     struct thread *thread, uint64_t ip)
{
	struct space *space = thread->process->space;
	const char *why = NULL;
	int error;

	if (!space->agent) {
		engine->end.calls.process = space->agent_refused;
		return SLOW_PROCESS;
	}
	error = patches_add_site(space->agent->patches, thread->tid,
				 ip, &why);
	if (error == -EAGAIN)
		return SLOW_PATCHING;
	if (error < 0) {
		engine->end.calls.site = why;
		return SLOW_SITE;
	}
	if (!thread->ring)
		return add_thread(engine, thread) ? SLOW_FIRST : SLOW_THREAD;
	return error > 0 || thread->is_fresh ? SLOW_FIRST
					     : find_reason(engine, thread);
}

/* What takes time the first time, with the caller's symbols learnt as well. */
static void prepare(struct engine *engine, struct thread *thread,
		    const struct __ptrace_syscall_info *info)
{
	struct space *space = thread->process->space;
	struct record_caller caller;

	if (!engine->options.no_callers && !space->callers)
		space->callers = caller_space_new(thread->process->pid);
	if (space->callers)
		caller_find(space->callers, thread->tid,
			    info->instruction_pointer, info->stack_pointer,
			    NULL, &caller);
	thread->is_fresh = true;
	prepare_next(engine, thread, info->instruction_pointer);
	thread->is_prepared = true;
}

/*
 * The call is made anew, so that signals that came meanwhile are delivered
 * before it: they would break calls such as KVM_CREATE_VM.
 */
static bool set_back(const struct thread *thread)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, thread->tid, 0, &regs))
		return false;
	regs.rax = regs.orig_rax;
	regs.orig_rax = (unsigned long long)-1;
	regs.rip -= 2;
	return !ptrace(PTRACE_SETREGS, thread->tid, 0, &regs);
}

enum inprocess_stop inprocess_stop(struct engine *engine, struct thread *thread,
				   const struct __ptrace_syscall_info *info,
				   int *ret_status)
{
	uint64_t ip = info->instruction_pointer;
	struct space *space;

	if (!thread->process || !is_plain_ioctl(info))
		return STOP_OF_PROGRAM;
	if (ip == agent_address(agent_sync_end) && thread->ring) {
		faults_note_mask(thread);
		inprocess_count(engine, SLOW_FAILED);
		eviction_finish_sync(engine, thread);
		return STOP_TAKEN;
	}
	/* The program's own filter wants a tracer: it gets none. */
	if (ip == inprocess_free_ip())
		return STOP_TAKEN;
	space = thread->process->space;
	if (!is_kvm_ioctl(info))
		return STOP_OF_PROGRAM;
	if (!space->agent && !space->agent_refused)
		return inject(engine, thread, ret_status);
	if (!space->agent || (thread->is_prepared &&
			      patches_know_site(space->agent->patches, ip)))
		return STOP_OF_PROGRAM;
	prepare(engine, thread, info);
	return set_back(thread) ? STOP_TAKEN : STOP_OF_PROGRAM;
}

static struct agent *find_agent(const struct thread *thread)
{
	return thread->process ? thread->process->space->agent : NULL;
}

void inprocess_entered(struct engine *engine, struct thread *thread,
		       const struct __ptrace_syscall_info *info)
{
	struct agent *agent = find_agent(thread);

	faults_note_mask(thread);
	if (!is_plain_ioctl(info))
		inprocess_count(engine, SLOW_32BIT);
	else
		inprocess_count(engine, prepare_next(engine, thread,
					info->instruction_pointer));
	thread->is_fresh = false;
	if (agent)
		agent_want_stack(agent, thread->stack_reach);
}

void inprocess_changing(struct thread *thread)
{
	struct agent *agent = find_agent(thread);

	if (!agent || thread->pauses_agent)
		return;
	thread->pauses_agent = true;
	agent_pause(agent);
}

static bool changes_looks(const struct engine *engine,
			  const struct record *record)
{
	const struct call_oracle *oracle = &engine->options.oracle;

	return record->kind == RECORD_IOCTL && oracle->is_changed_by &&
	       oracle->is_changed_by(record_request(record));
}

/* Other processes may have the same vCPU: what is due there has changed too. */
static void update_looks(struct engine *engine)
{
	const struct call_oracle *oracle = &engine->options.oracle;
	const struct agent *last = NULL;

	for (struct thread_ring *ring = engine->inprocess->rings; ring;
	     ring = ring->next) {
		if (ring->agent != last)
			agent_update_fds(ring->agent, ring->thread->process,
					 oracle, true);
		last = ring->agent;
	}
}

void inprocess_left(struct engine *engine, struct thread *thread)
{
	struct agent *agent = find_agent(thread);

	if (!agent)
		return;
	if (thread->process->files == agent->files)
		agent_update_fds(agent, thread->process,
				 &engine->options.oracle,
				 changes_looks(engine, &thread->record) ||
				 record_request(&thread->record) == KVM_RUN);
	if (changes_looks(engine, &thread->record))
		update_looks(engine);
	if (!thread->pauses_agent)
		return;
	thread->pauses_agent = false;
	agent_resume(agent);
}

/* A new thread is on its way to its first stop, which stays to be waited for. */
static bool has_own_fs(pid_t child, uint64_t makers)
{
	siginfo_t info;
	uint64_t fs;
	int error = agent_read_fs(child, &fs);

	if (error) {
		while (waitid(P_PID, (id_t)child, &info, WSTOPPED | WEXITED |
			      WNOWAIT | __WALL) < 0 && errno == EINTR)
			;
		error = agent_read_fs(child, &fs);
	}
	return !error && fs != makers;
}

/* It is stopped, and not in the agent. */
static void take_ring(struct engine *engine, struct thread *thread)
{
	if (!thread->ring)
		return;
	rings_drain(engine);
	rings_drop(engine->inprocess, thread);
}

/* Without CLONE_SETTLS the new one has its maker's fs base: clone(2). */
void inprocess_shared(struct engine *engine, struct thread *maker,
		      struct thread *child, bool is_waiting)
{
	struct agent *agent = find_agent(maker);
	uint64_t own;

	if (!agent || agent_read_fs(maker->tid, &own) ||
	    has_own_fs(child->tid, own))
		return;
	take_ring(engine, maker);
	if (!is_waiting)
		agent_share_fs(agent, own);
}

void inprocess_share_unseen(struct engine *engine, struct thread *maker)
{
	struct agent *agent = find_agent(maker);
	uint64_t own;

	if (!agent || agent_read_fs(maker->tid, &own))
		return;
	take_ring(engine, maker);
	agent_share_fs(agent, own);
}

void inprocess_forked(struct engine *engine, const struct process *parent,
		      struct process *child)
{
	const struct agent *agent = parent->space->agent;

	if (!agent)
		return;
	child->space->agent = agent_fork(agent, child,
					 engine->inprocess->requests);
	if (!child->space->agent)
		child->space->agent_refused = "its memory can't be written";
}
