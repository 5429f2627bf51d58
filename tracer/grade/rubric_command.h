/*
 * `kvmtrace rubric TRACE`: a rubric to begin with, from the trace of a
 * reference solution. This is its command line; the rubric is made by
 * compare/starter.h.
 */
#ifndef RUBRIC_COMMAND_H
#define RUBRIC_COMMAND_H

#include "cli/option_table.h"

extern const struct option_table rubric_table;

/* A command (commands.h). 0, or 2 when the trace is no whole trace. */
int rubric_run(int argc, char **argv);

#endif
