/* The command line of `kvmtrace grade`. */
#ifndef GRADE_OPTIONS_H
#define GRADE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "compare/result.h"
#include "grade/grade_bounds.h"
#include "grade/grade_record.h"
#include "grade/grade_workers.h"
#include "cli/option_table.h"

struct grade_options {
	const struct result_format *format;
	const char *output;	/* NULL or "-": standard output */
	struct grade_limits limits;
	bool strict;
	double timeout_s;	/* 0: not given */
	char **definitions;
	size_t definition_count;
	const char *rubric;
	char **submissions;
	size_t submission_count;
	struct grade_record_options record;	/* .program NULL: no -- */
	const char *live_option;	/* given, and of use with -- only */
	struct grade_user user;
};

extern const struct option_table grade_table;

/* As option_table_parse(). What it refers to is argv's; grade_options_done()
 * frees the rest. */
int grade_options_parse(struct grade_options *options, int argc, char **argv);
void grade_options_done(struct grade_options *options);

#endif
