/*
 * `kvmtrace grade RUBRIC -- PROGRAM ARGS...`: the program is recorded, once
 * for each of the rubric's runs, and becomes a submission as recorded ones
 * are. A child process traces; its trace is a file without a name, so that no
 * program can open it, and neither it nor this process can be looked into by
 * programs of the same user. Whatever becomes of a run, it ends, with all its
 * processes.
 */
#ifndef GRADE_RECORD_H
#define GRADE_RECORD_H

#include "cli/options.h"
#include "compare/grade.h"

struct grade_user;

struct grade_record_options {
	char *const *program;	/* and its arguments; NULL at the end */
	double timeout_s;	/* for each run */
	uint64_t max_events;
	uint64_t max_output;	/* bytes of each output that are kept */
	uint64_t max_file;	/* bytes that a file may have */
	uint64_t max_tasks;	/* processes and threads at once */
	enum engine_choice engine;
	const struct grade_user *user;	/* NULL: no other */
	const char *keep;	/* folder for traces and outputs, or NULL */
};

struct grade_recording;

/*
 * Makes this process one that other programs can't look into, and runs the
 * program. NULL when that can't be done at all, after telling why; a run that
 * fails is a problem of the submission only.
 */
struct grade_recording *grade_record(const struct rubric *rubric,
				     const struct grade_record_options *options);
/* As long as the recording. */
const struct submission *
grade_recording_submission(const struct grade_recording *recording);
/* The traces are gone with it, unless they were kept. */
void grade_recording_free(struct grade_recording *recording);

#endif
