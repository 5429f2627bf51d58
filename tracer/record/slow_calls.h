/* Why the in-process engine left a call to the tracer: names for traces. */
#ifndef RECORD_SLOW_CALLS_H
#define RECORD_SLOW_CALLS_H

enum slow_reason {
	SLOW_FIRST,
	SLOW_REQUEST,
	SLOW_LOOK,
	SLOW_DESCRIPTOR,
	SLOW_ARGUMENT,
	SLOW_FAILED,
	SLOW_SIGNAL,
	SLOW_FAULT,
	SLOW_FULL,
	SLOW_PAUSED,
	SLOW_SITE,
	SLOW_PATCHING,
	SLOW_THREAD,
	SLOW_PROCESS,
	SLOW_32BIT,
	SLOW_REASONS,
};

struct slow_reason_row {
	const char *key;	/* in trace_end */
	const char *text;	/* for people, behind a number of calls */
};

extern const struct slow_reason_row slow_reasons[SLOW_REASONS];

#endif
