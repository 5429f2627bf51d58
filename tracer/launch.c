#include "launch.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/inprocess/support.h"

/* A running program has no filter, and can't get one: seccomp(2). */
int launch_choose_engine(const struct options *options, bool *ret_inprocess)
{
	const char *obstacle = options->attach_pid ?
		"a program that runs already can only be traced by ptrace" :
		inprocess_find_obstacle();

	*ret_inprocess = options->engine != ENGINE_PTRACE && !obstacle;
	if (options->engine != ENGINE_INPROCESS || !obstacle)
		return 0;
	log_error("--engine inprocess can't work here: %s; use --engine ptrace",
		  obstacle);
	return STATUS_FAILED;
}

/* The program could not be started: say why, and which status that is. */
static int explain_failure(const struct options *options, int error,
			   enum capture_failure failure)
{
	const char *why = strerror(-error);

	switch (failure) {
	case FAILED_EXEC:
		if (error == -ENOENT) {
			log_error("cannot run '%s': %s", options->program[0],
				  access(options->program[0], F_OK) ?
				  "not found" : "the interpreter that its "
				  "first line names is not found");
			return STATUS_NOT_FOUND;
		}
		log_error("cannot run '%s': %s", options->program[0], why);
		return STATUS_NOT_EXECUTABLE;
	case FAILED_PROC:
		log_error("cannot trace: /proc is missing, or belongs to "
			  "another pid namespace (%s); mount it first: mount "
			  "-t proc proc /proc", why);
		return STATUS_FAILED;
	case FAILED_SEIZE:
		if (options->attach_pid)
			log_error("cannot attach to process %d: %s%s",
				  (int)options->attach_pid, why,
				  error == -EPERM ? " (is it yours, not traced "
				  "already, and does "
				  "/proc/sys/kernel/yama/ptrace_scope allow "
				  "it?)" : "");
		else
			log_error("cannot trace: ptrace is refused here: %s",
				  why);
		return STATUS_FAILED;
	case FAILED_BOUNDS:
		log_error("cannot set up the limits of '%s': %s",
			  options->program[0], why);
		return STATUS_FAILED;
	case FAILED_FILTER:
		log_error("cannot trace: this kernel refuses the seccomp "
			  "filter: %s", why);
		return STATUS_FAILED;
	default:
		log_error("cannot start %s: %s", options->program[0], why);
		return STATUS_FAILED;
	}
}

int launch_program(const struct options *options,
		   const struct ptrace_options *ptrace_options,
		   struct capture **ret_capture)
{
	enum capture_failure failure;
	int error = ptrace_engine_open(ptrace_options, ret_capture, &failure);

	return error ? explain_failure(options, error, failure) : 0;
}

static const char *find_detail(const struct record_end *end,
			       enum slow_reason reason)
{
	return reason == SLOW_SITE ? end->calls.site :
	       reason == SLOW_PROCESS ? end->calls.process :
	       reason == SLOW_THREAD ? end->calls.thread : NULL;
}

void launch_tell_losses(const struct record_end *end)
{
	if (end->calls.broken_rings)
		log_error("the program wrote into the memory that it shares "
			    "with kvmtrace: calls of %" PRIu64 " of its "
			    "threads are missing; use --engine ptrace",
			    end->calls.broken_rings);
	if (end->calls.lost_signals)
		log_warning("%" PRIu64 " times a signal's disposition was lost "
			    "to a fault of the agent and could not be put "
			    "back; use --engine ptrace for this program",
			    end->calls.lost_signals);
}

void launch_tell_engines(const struct record_end *end)
{
	if (!end->calls.is_known) {
		log_info("all KVM ioctls were taken by ptrace");
		return;
	}
	log_info("%" PRIu64 " KVM ioctls were taken in the process, %" PRIu64
		 " by ptrace", end->calls.inprocess, end->calls.ptrace);
	for (int i = 0; i < SLOW_REASONS; i++) {
		const char *detail = find_detail(end, (enum slow_reason)i);

		if (end->calls.slow[i])
			log_info("%8" PRIu64 "  %s%s%s%s", end->calls.slow[i],
				 slow_reasons[i].text, detail ? " (" : "",
				 detail ? detail : "", detail ? ")" : "");
	}
}
