/*
 * Grades submissions, each in a process of its own: a trace that takes too
 * much time or memory, or meets a fault of ours, costs only its own result.
 */
#ifndef GRADE_WORKERS_H
#define GRADE_WORKERS_H

#include <sys/resource.h>

#include "compare/grade.h"

/* What a process may take beyond what kvmtrace has taken when it begins. */
#define GRADE_MEMORY_BYTES (1ull << 30)

struct grade_limits {
	size_t jobs;		/* processes at a time, 1 or more */
	double timeout_s;	/* for one submission */
};

/* For RLIMIT_AS of a process that begins now. */
rlim_t grade_memory_limit(void);

/* The results (compare/grade.h), in the submissions' order; the caller's. */
json_t *grade_all(const struct rubric *rubric,
		  const struct submission *submissions, size_t count,
		  const struct grade_limits *limits);

#endif
