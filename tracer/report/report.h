/*
 * `kvmtrace report TRACE`: the course sheet's questions, answered from a trace
 * (report/study.h), as text, Markdown or JSON.
 */
#ifndef REPORT_H
#define REPORT_H

#include "cli/option_table.h"

extern const struct option_table report_table;

/*
 * A command (commands.h). 0: all went well; 2: bad usage, an unreadable or
 * malformed trace, an incomplete one (what there is was reported), or an
 * output that could not be written.
 */
int report_run(int argc, char **argv);

#endif
