/*
 * The commands beside tracing: `kvmtrace schema` and its like. Their names are
 * reserved: a program of that name is reached by ./NAME or behind --.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdio.h>

#include "cli/option_table.h"

struct command {
	const char *name;
	const char *help;	/* NULL: it isn't for people */
	/* argv[0] is the command's name; the exit status. */
	int (*run)(int argc, char **argv);
	/* Its command line. NULL: nobody completes or describes it. */
	const struct option_table *table;
};

/* NULL: no command is called so. */
const struct command *command_find(const char *name);
/* Those for people, in order; NULL behind the last. */
const struct command *command_at(size_t index);
void commands_print_help(FILE *file);
candidates_source commands_offer;
int command_run(const struct command *command, int argc, char **argv);

#endif
