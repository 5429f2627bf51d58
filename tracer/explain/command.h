/*
 * `kvmtrace explain NAME...`: what a name of KVM's interface means
 * (explain/explain.h).
 */
#ifndef EXPLAIN_COMMAND_H
#define EXPLAIN_COMMAND_H

#include "cli/option_table.h"

extern const struct option_table explain_table;

/*
 * A command (commands.h); without a name it lists what there is. 0: all names
 * were explained; 2: nothing is called so, with a sentence on standard error.
 */
int explain_run(int argc, char **argv);

#endif
