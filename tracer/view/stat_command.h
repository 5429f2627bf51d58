/*
 * `kvmtrace stat TRACE`: counts and times of a recorded trace, as tables, JSON
 * or CSV (sink/statistics.h says what is counted, and how time is divided).
 */
#ifndef STAT_COMMAND_H
#define STAT_COMMAND_H

#include "cli/option_table.h"

extern const struct option_table stat_table;

/*
 * A command (commands.h). 0: fine; 2: trouble: unreadable, malformed, or
 * incomplete, of which what there is was counted.
 */
int stat_run(int argc, char **argv);

#endif
