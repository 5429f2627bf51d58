/*
 * `kvmtrace grade RUBRIC TRACE...` and `RUBRIC -- PROGRAM ARGS...`:
 * submissions held against a rubric. What is graded how is compare/grade.h's,
 * how programs are recorded grade_record.h's.
 */
#ifndef GRADE_COMMAND_H
#define GRADE_COMMAND_H

/*
 * A command (commands.h). 0: every submission was graded, whatever the score;
 * 1: with --strict, points were lost; 2: bad usage, a malformed rubric, or a
 * submission that could not be graded (the others' results are printed).
 */
int grade_run(int argc, char **argv);

#endif
