/*
 * The ptrace engine's own state, shared by its parts: engine.c (the loop and
 * the kinds of stop), call_stops.c and ioctl_stops.c (what happens at the
 * entry and exit of a watched call), life_stops.c (fork, exec, exit) and
 * attach.c (coming to and leaving a running program).
 */
#ifndef CAPTURE_ENGINE_H
#define CAPTURE_ENGINE_H

#include <sys/ptrace.h>

#include "capture/capture.h"
#include "capture/files.h"
#include "capture/follow.h"
#include "capture/interrupt.h"
#include "capture/memory.h"
#include "capture/tracee.h"

/* Stops, and deaths, that waitpid() had ready at once. */
#define WAITED_MAX 256

struct inprocess;

struct waited {
	size_t count;
	struct {
		pid_t tid;
		int status;
	} events[WAITED_MAX];
};

struct engine {
	struct capture head;
	struct ptrace_options options;
	struct tracees tracees;
	struct file_registry registry;
	struct interrupt interrupt;
	const struct record_sink *sink;
	struct record record;	/* for what is no call of a thread */
	struct record_end end;
	uint64_t start_ns;
	pid_t main_pid;
	pid_t exec_tid;		/* former tid of a thread that is in exec; 0: the same */
	int early_status;	/* of a program that its exec killed; else -1 */
	struct follower follower;
	struct inprocess *inprocess;	/* NULL: every call is taken by ptrace */
	struct waited waited;
};

uint64_t engine_now_ns(const struct engine *engine);
void engine_emit(struct engine *engine, const struct record *record);

/* How a thread goes on from a stop. */
enum resume {
	RESUME_FREE,	/* to the next stop of the filter */
	RESUME_TO_EXIT,	/* to the exit of the call it is in */
};

/* A watched call begins / has ended; `info` as PTRACE_GET_SYSCALL_INFO gave. */
enum resume call_enter(struct engine *engine, struct thread *thread,
		       const struct __ptrace_syscall_info *info);
void call_leave(struct engine *engine, struct thread *thread,
		const struct __ptrace_syscall_info *info);
/*
 * The same for an ioctl. `stack` is the top of the stack: read along with
 * kvm_run where that saves a system call.
 */
void ioctl_enter(struct engine *engine, struct thread *thread,
		 struct memory_span *stack);
void ioctl_leave(struct engine *engine, struct thread *thread);
/* The call has made descriptor `fd`: KVM's, if it turns out to be. */
void call_note_made(struct engine *engine, struct thread *thread, int fd);
/* The thread dies within its call: hand out what is known of it. */
void call_abandon(struct engine *engine, struct thread *thread);

/* The program's first thread, stopped; it may have KVM descriptors already. */
void life_begin(struct engine *engine, pid_t pid);
/* The first image: says so only where tracing changes what it may do. */
void life_first_exec(struct engine *engine, struct thread *thread);
/* A thread made another one; `event` is the PTRACE_EVENT_ that said so. */
void life_created(struct engine *engine, struct thread *maker, int event);
void life_exec(struct engine *engine, struct thread *thread);
/* Give a thread its process by what /proc says of it. */
void life_adopt(struct engine *engine, struct thread *thread);
/* The thread is gone; `status` as from waitpid(). */
void life_gone(struct engine *engine, struct thread *thread, int status);

/* Let a stopped thread go on, delivering `signal` (0: none). */
void engine_resume(struct engine *engine, struct thread *thread,
		   enum resume resume, int signal);

#endif
