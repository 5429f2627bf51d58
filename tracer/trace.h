/* The main job: run an engine, and lead its records into a trace. */
#ifndef TRACE_H
#define TRACE_H

#include "cli/options.h"

/* kvmtrace's exit status. */
int trace_run(const struct options *options);

#endif
