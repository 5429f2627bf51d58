#include "schema/schema_command.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "schema/schema.h"
#include "schema/schema_documents.h"

#define STATUS_TROUBLE 2

static const char timeline[] = "timeline";

static void offer_names(struct candidates *candidates)
{
	candidates_offer(candidates, timeline, NULL);
	for (size_t i = 0; schema_document_name(i); i++)
		candidates_offer(candidates, schema_document_name(i), NULL);
}

const struct option_table schema_table = {
	.command = "kvmtrace schema",
	.synopsis = "[NAME]",
	.about = "Prints a JSON Schema (draft-07): that of a trace's lines, timeline, or of "
		 "what another command reads or prints.",
	.status = "Exit status: 0, or 2 when there is no schema of that name.",
	.least = 0, .most = 1, .takes = "one name",
	.offer = offer_names,
};

static int print_timeline(void)
{
	json_t *schema = schema_new_timeline();
	bool failed = json_dumpf(schema, stdout, JSON_INDENT(1)) ||
		      putchar('\n') < 0;

	json_decref(schema);
	return failed;
}

static int refuse(const char *name)
{
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; schema_document_name(i); i++)
		buffer_add_format(&names, ", %s", schema_document_name(i));
	log_error("there is no schema '%s'; there are: %s%s", name, timeline,
		  buffer_string(&names));
	buffer_free(&names);
	return STATUS_TROUBLE;
}

static int print_schema(const char *name)
{
	size_t length = 0;
	const char *text = schema_find_document(name, &length);
	bool failed;

	if (!text && strcmp(name, timeline))
		return refuse(name);
	failed = text ? fwrite(text, 1, length, stdout) != length
		      : print_timeline();
	if (!failed && !fflush(stdout))
		return 0;
	log_error("cannot write the schema: %s", strerror(errno));
	return STATUS_TROUBLE;
}

int schema_run(int argc, char **argv)
{
	int first = argc;
	int error = option_table_parse(&schema_table, NULL, argc, argv, &first);

	if (error)
		return error == OPTION_HELP ? 0 : STATUS_TROUBLE;
	return print_schema(first < argc ? argv[first] : timeline);
}
