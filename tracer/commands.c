#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/complete_command.h"
#include "diff_command.h"
#include "explain/command.h"
#include "grade/grade_command.h"
#include "grade/grade_options.h"
#include "cli/manual.h"
#include "report/report.h"
#include "grade/rubric_command.h"
#include "schema/schema_command.h"
#include "view/stat_command.h"
#include "schema/validate.h"
#include "view/view.h"
#include "view/view_options.h"

static const struct command commands[] = {
	{ "view", "show or convert a trace", view_run, &view_table },
	{ "stat", "counts and times", stat_run, &stat_table },
	{ "report", "the study report: the course's questions", report_run, &report_table },
	{ "diff", "compare two traces", diff_run, &diff_table },
	{ "grade", "grade traces or programs by a rubric", grade_run, &grade_table },
	{ "rubric", "a starter rubric from a trace", rubric_run, &rubric_table },
	{ "explain", "what an ioctl, exit, field, errno or concept is", explain_run,
	  &explain_table },
	{ "schema", "print a JSON Schema", schema_run, &schema_table },
	{ "validate", "check a trace against its schema", validate_run, &validate_table },
	/* Not for people. */
	{ "--complete", NULL, complete_run, NULL },
	{ "--man", NULL, manual_run, NULL },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

void commands_print_help(FILE *file)
{
	fprintf(file, "\ncommands:\n");
	for (size_t i = 0; command_at(i); i++)
		fprintf(file, "  %-25s %s\n", commands[i].name,
			commands[i].help);
}

void commands_offer(struct candidates *candidates)
{
	for (size_t i = 0; command_at(i); i++)
		candidates_offer(candidates, commands[i].name,
				 commands[i].help);
}

const struct command *command_at(size_t index)
{
	return index < COMMAND_COUNT && commands[index].help ?
		&commands[index] : NULL;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int command_run(const struct command *command, int argc, char **argv)
{
	return command->run(argc, argv);
}
