/* `kvmtrace schema [NAME]`: the JSON Schema of a document, or of a trace. */
#ifndef SCHEMA_COMMAND_H
#define SCHEMA_COMMAND_H

#include "cli/option_table.h"

extern const struct option_table schema_table;

/* A command (commands.h). 0: printed; 2: there is no such schema, or it could
 * not be written. */
int schema_run(int argc, char **argv);

#endif
