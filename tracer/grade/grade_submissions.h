/*
 * The submissions that `kvmtrace grade` is given: a trace each or, where the
 * rubric has several runs, a folder with a trace RUN.jsonl for each. A file
 * that is missing, or is none, is a problem of that submission only.
 */
#ifndef GRADE_SUBMISSIONS_H
#define GRADE_SUBMISSIONS_H

#include "compare/grade.h"

/* The trace in a folder when the rubric has no runs: this and .jsonl. */
#define GRADE_TRACE_STEM "trace"

/* A path as a name for people, always UTF-8; the caller's. */
char *grade_new_name(const char *path);

/* In the order of the arguments; the caller's. */
struct submission *grade_new_submissions(const struct rubric *rubric,
					 char *const *arguments, size_t count);
void grade_free_submissions(struct submission *submissions, size_t count,
			    size_t run_count);

#endif
