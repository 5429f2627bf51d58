/*
 * The commands beside tracing: `kvmtrace schema` and its like. Their names are
 * reserved: a program of that name is reached by ./NAME or behind --.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdio.h>

struct command {
	const char *name;
	const char *help;
	/* argv[0] is the command's name; the exit status. NULL: not built yet. */
	int (*run)(int argc, char **argv);
};

/* NULL: no command is called so. */
const struct command *command_find(const char *name);
/* The commands that this version has. */
void commands_print_help(FILE *file);
int command_run(const struct command *command, int argc, char **argv);

#endif
