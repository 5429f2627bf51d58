/*
 * How a process ended tells what of its troubles it gave up over, and which
 * calls never came back.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>

#include "abi/abi.h"
#include "annotate/diagnose.h"
#include "annotate/words.h"

/* A run that is longer didn't just happen to be interrupted. */
#define RUN_WORTH_TELLING_NS 100000000u

static bool has_failed(const struct record *record)
{
	return record->signal || record->status;
}

/* Ended by somebody else, or by its own alarm, not by what it did wrong. */
static bool was_stopped(const struct record *record)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGKILL,
				       SIGALRM, SIGTERM, SIGXCPU };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (record->signal == signals[i])
			return true;
	return false;
}

static void say_trouble(struct scene *scene)
{
	const struct process_history *process = scene->process;
	enum diagnosis_code code = (enum diagnosis_code)process->trouble_code;
	const char *field = scene->record->signal ? "signal" : "status";
	char name[24];

	if (scene->record->signal)
		diagnose_say_as(scene, code, NOTE_ERROR, field,
				"the last trouble before the program was "
				"ended by %s",
				words_signal(scene->record->signal, name));
	else
		diagnose_say_as(scene, code, NOTE_ERROR, field,
				"the last trouble before the program gave up "
				"with status %d", scene->record->status);
	diagnose_cite(scene, process->trouble);
}

static const struct vm_history *find_vm(const struct scene *scene, int32_t vm)
{
	return history_vm(scene->history, vm);
}

/* A KVM_RUN that had to be ended from outside, as it waits in the kernel. */
static void look_at_halt(struct scene *scene, int32_t vm, struct mark run,
			 uint64_t took_ns)
{
	const struct vm_history *history = find_vm(scene, vm);

	if (!history || !history->irqchip.is_set ||
	    took_ns < RUN_WORTH_TELLING_NS ||
	    diagnose_has(scene, CODE_HLT_IN_KERNEL))
		return;
	diagnose_say(scene, CODE_HLT_IN_KERNEL, "event",
		     "the last KVM_RUN had not returned after %llu ms; if "
		     "because of that is not to be seen",
		     (unsigned long long)(took_ns / 1000000));
	diagnose_cite(scene, run);
	diagnose_cite(scene, history->irqchip);
}

/* Calls on a vCPU wait for its KVM_RUN: kvm_vcpu_ioctl(), kvm_main.c. */
static void look_at_waits(struct scene *scene, const struct past_wait *run)
{
	const struct process_history *process = scene->process;

	for (size_t i = 0; i < process->wait_count; i++) {
		const struct past_wait *wait = &process->waits[i];

		if (wait->is_run || wait->file_id != run->file_id ||
		    wait->start_ns < run->start_ns)
			continue;
		diagnose_say(scene, CODE_VCPU_BUSY, "event",
			     "neither had returned when the process ended");
		diagnose_cite(scene, wait->mark);
		diagnose_cite(scene, run->mark);
	}
}

static void look_at_unfinished(struct scene *scene)
{
	const struct process_history *process = scene->process;

	for (size_t i = 0; i < process->wait_count; i++) {
		const struct past_wait *wait = &process->waits[i];

		if (!wait->is_run)
			continue;
		look_at_waits(scene, wait);
		if (has_failed(scene->record))
			look_at_halt(scene, wait->vm, wait->mark,
				     wait->end_ns - wait->start_ns);
	}
}

/*
 * What gives up as after a failed call: EXIT_FAILURE, or abort(). Other statuses
 * are chosen, and SIGALRM is as a rule the program's own limit.
 */
static bool gave_up(const struct scene *scene)
{
	return scene->process->run_signal != SIGALRM &&
	       (scene->record->signal == SIGABRT ||
		(!scene->record->signal && scene->record->status == 1));
}

static void say_interrupted(struct scene *scene)
{
	diagnose_say_as(scene, CODE_EINTR_FATAL,
			gave_up(scene) ? NOTE_WARN : NOTE_INFO,
			scene->record->signal ? "signal" : "status",
			"it was the last KVM_RUN of the process; if it was "
			"to end then, all is well");
}

/* The last KVM_RUN came back because of a signal: was it the program's end? */
static void look_at_interrupted(struct scene *scene)
{
	const struct past_run *run = &scene->process->run;
	uint64_t took_ns = run->end_ns - run->start_ns;

	look_at_halt(scene, scene->process->run_vm, run->mark, took_ns);
	if (!was_stopped(scene->record))
		say_interrupted(scene);
	else if (took_ns >= RUN_WORTH_TELLING_NS)
		diagnose_say(scene, CODE_RUN_NEVER_RETURNED, "signal",
			     "%llu ms passed",
			     (unsigned long long)(took_ns / 1000000));
	else
		return;
	diagnose_cite(scene, run->mark);
}

/*
 * Exits that the guest wants an answer to. Others may be how it ends: a status
 * written to a port or to a device's memory, a hypercall, a breakpoint.
 */
static bool wants_answer(const struct past_run *run)
{
	return run->is_read || run->reason == KVM_EXIT_X86_RDMSR ||
	       run->reason == KVM_EXIT_X86_WRMSR;
}

static void look_at_unhandled(struct scene *scene)
{
	const struct past_run *run = &scene->process->run;
	const struct abi_exit *row = abi_find_exit(run->reason);

	if (!run->has_exit || !wants_answer(run))
		return;
	diagnose_say(scene, CODE_EXIT_UNHANDLED,
		     scene->record->signal ? "signal" : "status", "%s",
		     row->name);
	diagnose_cite(scene, run->mark);
}

/* None of this vCPU's reads was ever given other data than were there. */
static void look_at_reads(struct scene *scene)
{
	const struct vcpu_history *vcpu = history_find_vcpu(
		scene->history, scene->process->run_file_id);
	const struct past_reads *reads = vcpu ? &vcpu->reads : NULL;

	if (!reads || !reads->count || reads->unchanged != reads->count ||
	    vcpu->asks_registers ||
	    vcpu->said[CODE_READ_NOT_COMPLETED / 64] >>
		    CODE_READ_NOT_COMPLETED % 64 & 1)
		return;
	diagnose_say_as(scene, CODE_READ_NOT_COMPLETED, NOTE_INFO, "event",
			"of %llu reads of vCPU %lld none was answered with "
			"other data than stood there when the guest left",
			(unsigned long long)reads->count,
			(long long)vcpu->vcpu);
	diagnose_cite(scene, reads->first);
}

void diagnose_end(struct scene *scene)
{
	const struct process_history *process = scene->process;
	const struct past_run *run = &process->run;

	look_at_unfinished(scene);
	look_at_reads(scene);
	if (!has_failed(scene->record))
		return;
	if (process->trouble.is_set)
		say_trouble(scene);
	else if (!run->mark.is_set || process->goes_on)
		return;
	else if (run->result == -EINTR)
		look_at_interrupted(scene);
	else if (!was_stopped(scene->record))
		look_at_unhandled(scene);
}

/* The line of a call that had not returned when its thread ended. */
void diagnose_unfinished(struct scene *scene)
{
	if (!abi_is_run(scene->view->row) || !scene->vcpu)
		return;
	if (scene->vm && scene->vm->irqchip.is_set) {
		diagnose_say_as(scene, CODE_HLT_IN_KERNEL, NOTE_INFO,
				"unfinished", NULL);
		diagnose_cite(scene, scene->vm->irqchip);
	}
	diagnose_say(scene, CODE_RUN_NEVER_RETURNED, "unfinished", NULL);
}
