#include "capture/tracee.h"

#include <stdlib.h>

#include "base/log.h"
#include "capture/files.h"
#include "capture/inprocess/faults.h"
#include "capture/space.h"

static struct thread **bucket_of(struct tracees *tracees, pid_t tid)
{
	return &tracees->buckets[(unsigned int)tid % TRACEE_BUCKETS];
}

struct thread *tracees_find(struct tracees *tracees, pid_t tid)
{
	struct thread *thread = tracees->recent;

	if (thread && thread->tid == tid)
		return thread;
	for (thread = *bucket_of(tracees, tid); thread; thread = thread->next)
		if (thread->tid == tid)
			break;
	if (thread)
		tracees->recent = thread;
	return thread;
}

struct thread *tracees_add(struct tracees *tracees, pid_t tid,
			   struct process *process)
{
	struct thread **bucket = bucket_of(tracees, tid);
	struct thread *thread = calloc(1, sizeof(*thread));

	if (!thread)
		log_die("out of memory: a thread");
	thread->tid = tid;
	thread->process = process;
	if (process)
		process->threads++;
	thread->next = *bucket;
	*bucket = thread;
	tracees->count++;
	return thread;
}

static void process_unref(struct file_registry *registry,
			  struct process *process)
{
	if (--process->threads)
		return;
	file_table_unref(registry, process->files);
	space_unref(process->space);
	faults_unref(process->faults);
	free(process);
}

void tracees_remove(struct tracees *tracees, struct file_registry *registry,
		    struct thread *thread)
{
	struct thread **link = bucket_of(tracees, thread->tid);

	while (*link != thread)
		link = &(*link)->next;
	*link = thread->next;
	tracees->count--;
	if (tracees->recent == thread)
		tracees->recent = NULL;
	if (thread->process)
		process_unref(registry, thread->process);
	record_free(&thread->record);
	free(thread);
}

void tracees_each(struct tracees *tracees,
		  void (*visit)(void *context, struct thread *thread),
		  void *context)
{
	for (size_t i = 0; i < TRACEE_BUCKETS; i++) {
		struct thread *next;

		for (struct thread *thread = tracees->buckets[i]; thread;
		     thread = next) {
			next = thread->next;
			visit(context, thread);
		}
	}
}

struct process *process_new(pid_t pid, struct file_table *files,
			    struct space *space)
{
	struct process *process = calloc(1, sizeof(*process));

	if (!process)
		log_die("out of memory: a process");
	process->pid = pid;
	process->files = files;
	process->space = space;
	return process;
}
