#include "cli/manual.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/log.h"
#include "commands.h"
#include "cli/options.h"
#include "cli/roff.h"

#define STATUS_TROUBLE 2

struct part {
	const char *name;
	void (*add)(struct buffer *out);
};

/* "OPTIONS" is an argument, "-p" an option: with what mdoc calls them. */
static void add_token(struct buffer *out, const char *token, size_t length)
{
	bool is_option = *token == '-';
	bool is_repeated = length > 3 && !strncmp(token + length - 3, "...", 3);

	buffer_add_string(out, is_option ? "Fl " : *token == '|' ? "" : "Ar ");
	length -= is_repeated ? 3 : 0;
	roff_add_word(out, token + is_option, length - is_option);
	buffer_add_string(out, is_repeated ? " ...\n" : "\n");
}

/* A line of a synopsis, "[OPTIONS] TRACE...": a macro a word. */
static void add_synopsis_line(struct buffer *out, const char *line,
			      size_t length)
{
	for (size_t i = 0; i < length; i++) {
		size_t word = strcspn(line + i, " \n");
		bool is_optional = line[i] == '[';

		buffer_add_string(out, is_optional ? ".Op " : ".");
		if (is_optional)
			add_token(out, line + i + 1, word - 2);
		else
			add_token(out, line + i, word);
		i += word;
	}
}

static void add_synopsis(struct buffer *out, const struct option_table *table)
{
	const char *command = strchr(table->command, ' ');

	for (const char *line = table->synopsis; *line;) {
		size_t length = strcspn(line, "\n");

		buffer_add_string(out, ".Nm kvmtrace\n");
		if (command)
			buffer_add_format(out, ".Cm %s\n", command + 1);
		add_synopsis_line(out, line, length);
		line += length + (line[length] == '\n');
	}
}

static void add_argument(struct buffer *out, const struct option_row *row)
{
	if (!row->argument)
		return;
	buffer_add_string(out, " Ar ");
	roff_add_word(out, row->argument, strlen(row->argument));
}

static void add_row(struct buffer *out, const struct option_row *row)
{
	if (!row->name) {
		buffer_add_string(out, ".El\n.Pp\n");
		buffer_add_format(out, "%c%s:\n",
				  toupper((unsigned char)*row->help),
				  row->help + 1);
		buffer_add_string(out, ".Bl -tag -width Ds\n");
		return;
	}
	buffer_add_string(out, ".It");
	if (row->letter) {
		buffer_add_format(out, " Fl %c", row->letter);
		add_argument(out, row);
		buffer_add_string(out, " ,");
	}
	buffer_add_string(out, " Fl \\-");
	roff_add_word(out, row->name, strlen(row->name));
	add_argument(out, row);
	buffer_add_char(out, '\n');
	roff_add_text(out, row->help);
}

static void add_rows(struct buffer *out, const struct option_table *table)
{
	if (!table->row_count)
		return;
	buffer_add_string(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < table->row_count; i++)
		add_row(out, &table->rows[i]);
	buffer_add_string(out, ".El\n");
}

static void add_options(struct buffer *out)
{
	add_rows(out, &options_table);
}

static void add_command(struct buffer *out, const struct option_table *table)
{
	buffer_add_format(out, ".Ss %s\n", table->command);
	add_synopsis(out, table);
	buffer_add_string(out, ".Pp\n");
	roff_add_text(out, table->about);
	add_rows(out, table);
	buffer_add_string(out, ".Pp\n");
	roff_add_text(out, table->status);
}

static void add_commands(struct buffer *out)
{
	for (size_t i = 0; command_at(i); i++)
		if (command_at(i)->table)
			add_command(out, command_at(i)->table);
}

static void add_synopses(struct buffer *out)
{
	add_synopsis(out, &options_table);
	for (size_t i = 0; command_at(i); i++)
		if (command_at(i)->table)
			add_synopsis(out, command_at(i)->table);
}

static const struct part parts[] = {
	{ "synopsis", add_synopses },
	{ "options", add_options },
	{ "commands", add_commands },
	{ "rubric", manual_add_rubric },
};

static int print(void (*add)(struct buffer *out))
{
	struct buffer out = BUFFER_EMPTY;
	bool is_whole;

	add(&out);
	is_whole = fwrite(out.data, 1, out.length, stdout) == out.length &&
		   !fflush(stdout);
	buffer_free(&out);
	if (!is_whole)
		log_error("cannot write the manual: %s", strerror(errno));
	return is_whole ? 0 : STATUS_TROUBLE;
}

int manual_run(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (argc == 2 && !strcmp(argv[1], parts[i].name))
			return print(parts[i].add);
	log_error("--man takes synopsis, options, commands or rubric");
	return STATUS_TROUBLE;
}
