/*
 * `kvmtrace validate TRACE`: does a trace keep the rules of its format? Each
 * line is held against the schema, and all of them against what a schema of
 * one line can't say: numbering, first and last line (reader/trace_reader.h).
 */
#ifndef VALIDATE_H
#define VALIDATE_H

#include "cli/option_table.h"

#define VALIDATE_PROBLEMS_MAX 20

extern const struct option_table validate_table;

/*
 * A command (commands.h). 0: valid; 1: not, with the problems on standard
 * output; 2: unreadable, no JSON, or incomplete, with a sentence on standard
 * error. TRACE - is standard input.
 */
int validate_run(int argc, char **argv);

#endif
