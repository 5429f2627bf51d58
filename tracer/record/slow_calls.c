#include "record/slow_calls.h"

const struct slow_reason_row slow_reasons[SLOW_REASONS] = {
	[SLOW_FIRST] = { "first_call", "the first of a thread, or of the code that calls" },
	[SLOW_REQUEST] = { "request", "the request makes a descriptor, changes what the guest "
			   "sees, or has no fixed size" },
	[SLOW_LOOK] = { "look", "guest memory was to be looked at" },
	[SLOW_DESCRIPTOR] = { "descriptor", "the descriptor or its kvm_run was not known" },
	[SLOW_ARGUMENT] = { "argument", "the argument or the stack may not be there" },
	[SLOW_FAILED] = { "failed", "the call failed, or the guest came to grief" },
	[SLOW_SIGNAL] = { "signal", "a signal came" },
	[SLOW_FAULT] = { "fault", "memory went away during the copy" },
	[SLOW_FULL] = { "ring_full", "the tracer was behind" },
	[SLOW_PAUSED] = { "paused", "descriptors or mappings were changing" },
	[SLOW_SITE] = { "site", "the code that calls can't be patched" },
	[SLOW_PATCHING] = { "patching", "the code that calls is not patched yet" },
	[SLOW_THREAD] = { "thread", "the thread can't have a ring" },
	[SLOW_PROCESS] = { "process", "the agent can't be in the process" },
	[SLOW_32BIT] = { "32_bit", "32-bit system calls" },
};
