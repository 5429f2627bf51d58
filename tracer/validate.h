/*
 * `kvmtrace validate TRACE`: does a trace keep the rules of its format? Each
 * line is held against the schema, and all of them against what a schema of
 * one line can't say: numbering, first and last line. One line at a time is
 * in memory, and no longer one than VALIDATE_LINE_BYTES.
 */
#ifndef VALIDATE_H
#define VALIDATE_H

#define VALIDATE_LINE_BYTES (64u << 20)
#define VALIDATE_PROBLEMS_MAX 20

/*
 * A command (commands.h). 0: valid; 1: not, with the problems on standard
 * output; 2: unreadable, no JSON, or incomplete, with a sentence on standard
 * error. TRACE - is standard input.
 */
int validate_run(int argc, char **argv);

#endif
