/*
 * `kvmtrace diff EXPECTED ACTUAL`: what differs between two recorded traces.
 */
#ifndef DIFF_COMMAND_H
#define DIFF_COMMAND_H

#include "cli/option_table.h"

extern const struct option_table diff_table;

/* argv[0] is "diff". 0: the same; 1: different; 2: trouble, or a trace isn't
 * complete. */
int diff_run(int argc, char **argv);

#endif
