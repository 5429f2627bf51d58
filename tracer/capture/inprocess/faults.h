/*
 * What the agent's faults cost the program, given back. The kernel delivers the
 * signal of a fault at any price: ignored or blocked, it gets its default
 * action and is unblocked (kernel/signal.c, force_sig_info_to_task()). So the
 * dispositions are followed here, call by call, and each thread's mask.
 *
 * Dispositions belong to a process, or to several that share them; struct
 * process has a pointer, NULL until the first of these notes.
 */
#ifndef CAPTURE_INPROCESS_FAULTS_H
#define CAPTURE_INPROCESS_FAULTS_H

#include "capture/engine.h"

struct faults;

/*
 * A thread is about to change a disposition: rt_sigaction, in thread->record.
 * Its end is of no interest.
 */
void faults_note_action(struct thread *thread);

/*
 * The mask as it is in this stop. Wanted in all stops of a thread's ioctls:
 * following rt_sigprocmask would cost programs that switch contexts dear.
 */
void faults_note_mask(struct thread *thread);

/* A signal is delivered to the program: some handlers serve but once. */
void faults_note_delivery(struct thread *thread, int signal);

/* For a new process, stopped, that `maker` has made. NULL: nothing is noted. */
struct faults *faults_fork(const struct thread *maker, pid_t child);
/* The process execs or ends; NULL is fine. */
void faults_unref(struct faults *faults);

/*
 * In the delivery stop of a signal (SIGSEGV, SIGBUS, SIGTRAP) that the agent
 * has brought about, after the thread was taken out of it: put disposition
 * and mask back. The thread is to be resumed without a signal, whatever stop
 * it is in then. 0, or the status that waitpid() gave: it is dead or dying, and
 * nobody has been told.
 */
int faults_restore(struct engine *engine, struct thread *thread, int signal);

#endif
