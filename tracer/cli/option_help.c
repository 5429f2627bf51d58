/* The help that option_table.h prints: 79 columns, from the rows. */
#include <string.h>

#include "cli/option_table.h"

#define HELP_INDENT 28
#define HELP_WIDTH 79

/* One paragraph from column `indent` on, where the line is; a newline. */
static void print_wrapped(FILE *file, const char *text, size_t length,
			  int indent)
{
	const char *end = text + length;
	int column = indent;

	while (text < end) {
		int word = (int)strcspn(text, " \n");

		if (column > indent && column + 1 + word > HELP_WIDTH) {
			fprintf(file, "\n%*s", indent, "");
			column = indent;
		}
		column += fprintf(file, "%s%.*s", column > indent ? " " : "",
				  word, text);
		text += word + 1;
	}
	fputc('\n', file);
}

/* Each behind an empty line. */
static void print_paragraphs(FILE *file, const char *text)
{
	while (text) {
		const char *next = strstr(text, "\n\n");

		fputc('\n', file);
		print_wrapped(file, text,
			      next ? (size_t)(next - text) : strlen(text), 0);
		text = next ? next + 2 : NULL;
	}
}

static void print_usage(const struct option_table *table, FILE *file)
{
	const char *line = table->synopsis;

	for (const char *label = "usage:"; *line; label = "") {
		int length = (int)strcspn(line, "\n");

		fprintf(file, "%-6s %s %.*s\n", label, table->command, length,
			line);
		line += length;
		line += *line == '\n';
	}
}

static void print_row(FILE *file, const struct option_row *row)
{
	char name[40];
	int length;

	if (!row->name) {
		fprintf(file, "\n%s:\n", row->help);
		return;
	}
	length = snprintf(name, sizeof(name), "%c%c%c --%s%s%s",
			  row->letter ? '-' : ' ',
			  row->letter ? row->letter : ' ',
			  row->letter ? ',' : ' ', row->name,
			  row->argument ? " " : "",
			  row->argument ? row->argument : "");
	fprintf(file, "  %-*s ", HELP_INDENT - 3, name);
	if (length > HELP_INDENT - 3)
		fprintf(file, "\n%*s", HELP_INDENT, "");
	print_wrapped(file, row->help, strlen(row->help), HELP_INDENT);
}

/* --help stands with those of no kind, before the first heading. */
static void print_rows(const struct option_table *table, FILE *file)
{
	static const struct option_row help = { 'h', "help",
						.help = "this help" };
	size_t i = 0;

	fprintf(file, "\noptions:\n");
	while (i < table->row_count && table->rows[i].name)
		print_row(file, &table->rows[i++]);
	print_row(file, &help);
	while (i < table->row_count)
		print_row(file, &table->rows[i++]);
}

void option_table_print_help(const struct option_table *table, FILE *file)
{
	print_usage(table, file);
	print_paragraphs(file, table->about);
	print_rows(table, file);
	print_paragraphs(file, table->status);
	if (table->print_more)
		table->print_more(file);
}
