/*
 * Starting the traced program, under the engine that was asked for, and what
 * people are told about that.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "capture/capture.h"
#include "cli/options.h"

/* What kvmtrace ends with: SPEC section 2. */
#define STATUS_FAILED 125
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND 127

/*
 * Shall calls be taken in the process? 0; else the status to end with: that
 * was insisted on and can't be, which has been said.
 */
int launch_choose_engine(const struct options *options, bool *ret_inprocess);

/* 0, or the status to end with, when why has been said. */
int launch_program(const struct options *options,
		   const struct ptrace_options *ptrace_options,
		   struct capture **ret_capture);

/* What went wrong with taking calls in the process, if anything did. */
void launch_tell_losses(const struct record_end *end);

/* How many calls were taken which way, and why the slow ones were slow. */
void launch_tell_engines(const struct record_end *end);

#endif
