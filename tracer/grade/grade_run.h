/* One run of a graded program, recorded: see grade_record.h. */
#ifndef GRADE_RUN_H
#define GRADE_RUN_H

#include "base/buffer.h"
#include "grade/grade_record.h"

struct grade_run {
	int trace_fd;			/* of a file without a name; or -1 */
	char path[32];			/* of the trace, for this process */
	char *problem;			/* why it can't be graded, or NULL */
	unsigned int limits;		/* as in struct submission */
	struct buffer outputs[2];	/* standard output and error */
};

void grade_run_record(struct grade_run *run, const struct rubric_run *rubric,
		      const struct grade_record_options *options);
void grade_run_done(struct grade_run *run);

#endif
