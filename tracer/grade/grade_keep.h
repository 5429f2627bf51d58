/*
 * Keeps what a graded program left: RUN.jsonl, RUN.stdout and RUN.stderr in a
 * folder, which `kvmtrace grade RUBRIC FOLDER` grades again. Nothing is
 * written before the program and all its processes have ended.
 */
#ifndef GRADE_KEEP_H
#define GRADE_KEEP_H

#include "grade/grade_run.h"

/* Make the folder, only for its owner, unless it is there, and those that it
 * stands in. 0, or -errno after
 * telling why. */
int grade_keep_begin(const char *folder);
/* `id` as in a rubric; "" is its only run. 0, or -errno after telling why. */
int grade_keep_run(const char *folder, const char *id,
		   const struct grade_run *run);

#endif
