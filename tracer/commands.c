#include "commands.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "diff_command.h"
#include "explain/explain.h"
#include "grade_command.h"
#include "report.h"
#include "rubric_command.h"
#include "schema.h"
#include "schema_documents.h"
#include "validate.h"

#define STATUS_USAGE 2
#define STATUS_FAILED 125

static int print_timeline_schema(void)
{
	json_t *schema = schema_new_timeline();
	bool failed = json_dumpf(schema, stdout, JSON_INDENT(1)) ||
		      putchar('\n') < 0;

	json_decref(schema);
	return failed;
}

static int print_schema(const char *name)
{
	size_t length = 0;
	const char *text = schema_find_document(name, &length);

	return text ? fwrite(text, 1, length, stdout) != length
		    : print_timeline_schema();
}

static int refuse_schema(const char *name)
{
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; schema_document_name(i); i++)
		buffer_add_format(&names, ", %s", schema_document_name(i));
	log_error("there is no schema '%s'; there are: timeline%s", name,
		  buffer_string(&names));
	buffer_free(&names);
	return STATUS_USAGE;
}

static int run_schema(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "timeline";
	size_t length;

	if (argc > 2 || (strcmp(name, "timeline") &&
			 !schema_find_document(name, &length)))
		return refuse_schema(argv[argc - 1]);
	if (!print_schema(name) && !fflush(stdout))
		return 0;
	log_error("cannot write the schema: %s", strerror(errno));
	return STATUS_FAILED;
}

static const struct command commands[] = {
	{ "view", "show or convert a trace", NULL },
	{ "stat", "counts and times", NULL },
	{ "report", "the study report: the course's questions", report_run },
	{ "diff", "compare two traces", diff_run },
	{ "grade", "grade traces by a rubric", grade_run },
	{ "rubric", "a starter rubric from a trace", rubric_run },
	{ "explain", "what an ioctl, exit, struct, flag or errno is", explain_run },
	{ "schema", "print a JSON Schema", run_schema },
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
