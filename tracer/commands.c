#include "commands.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "explain.h"
#include "schema.h"
#include "validate.h"

#define STATUS_USAGE 2
#define STATUS_FAILED 125

static int run_schema(int argc, char **argv)
{
	json_t *schema;
	bool failed;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "timeline"))) {
		log_error("there is no schema '%s'; try: kvmtrace schema "
			  "timeline", argv[1]);
		return STATUS_USAGE;
	}
	schema = schema_new_timeline();
	failed = json_dumpf(schema, stdout, JSON_INDENT(1)) ||
		 putchar('\n') < 0 || fflush(stdout);
	json_decref(schema);
	if (failed)
		log_error("cannot write the schema: %s", strerror(errno));
	return failed ? STATUS_FAILED : 0;
}

static const struct command commands[] = {
	{ "view", "show or convert a trace", NULL },
	{ "stat", "counts and times", NULL },
	{ "report", "the study report", NULL },
	{ "diff", "compare two traces", NULL },
	{ "grade", "grade traces or programs", NULL },
	{ "rubric", "a starter rubric from a trace", NULL },
	{ "explain", "what an ioctl, exit, struct, flag or errno is", explain_run },
	{ "schema", "print the JSON Schema of a trace's lines", run_schema },
	{ "validate", "check a trace against its schema", validate_run },
};

void commands_print_help(FILE *file)
{
	fprintf(file, "\ncommands:\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].run)
			fprintf(file, "  %-25s %s\n", commands[i].name,
				commands[i].help);
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int command_run(const struct command *command, int argc, char **argv)
{
	if (command->run)
		return command->run(argc, argv);
	log_error("this version has no command '%s' yet; a program of that "
		  "name is reached as ./%s or behind --", command->name,
		  command->name);
	return STATUS_USAGE;
}
