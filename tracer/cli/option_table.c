#include "cli/option_table.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"

/* getopt_long() returns this plus the row for an option's long form. */
#define LONG_BASE 1000
#define LONG_HELP (LONG_BASE - 1)

struct getopt_tables {
	struct option *longs;
	size_t count;
	struct buffer letters;
};

static void add_row(struct getopt_tables *tables, const struct option_row *row,
		    size_t index)
{
	if (!row->name)
		return;
	tables->longs[tables->count++] = (struct option){
		row->name, row->argument ? required_argument : no_argument,
		NULL, LONG_BASE + (int)index
	};
	if (!row->letter)
		return;
	buffer_add_char(&tables->letters, row->letter);
	if (row->argument)
		buffer_add_char(&tables->letters, ':');
}

static struct getopt_tables build_tables(const struct option_table *table)
{
	struct getopt_tables tables = {
		.longs = calloc(table->row_count + 2, sizeof(struct option)),
		.letters = BUFFER_EMPTY,
	};

	if (!tables.longs)
		log_die("out of memory: the options");
	/* +: stop at the program; the colon: tell what lacks an argument. */
	buffer_add_string(&tables.letters, table->has_program ? "+:h" : ":h");
	for (size_t i = 0; i < table->row_count; i++)
		add_row(&tables, &table->rows[i], i);
	tables.longs[tables.count] = (struct option){
		"help", no_argument, NULL, LONG_HELP
	};
	return tables;
}

static const struct option_row *find_row(const struct option_table *table,
					 int found)
{
	if (found >= LONG_BASE)
		return &table->rows[found - LONG_BASE];
	for (size_t i = 0; i < table->row_count; i++)
		if (table->rows[i].letter && found == table->rows[i].letter)
			return &table->rows[i];
	return NULL;
}

static void refuse_name(const struct option_table *table, const char *word)
{
	size_t length = strcspn(word, "=");
	struct nearest nearest;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)length - 2, word + 2);
	nearest = nearest_to(name);
	nearest_offer(&nearest, "help");
	for (size_t i = 0; i < table->row_count; i++)
		if (table->rows[i].name)
			nearest_offer(&nearest, table->rows[i].name);
	if (nearest.best)
		log_error("unknown option '%s': did you mean --%s?", word,
			  nearest.best);
	else
		log_error("unknown option '%s'; see %s --help", word,
			  table->command);
}

/* What getopt refused: argv[optind - 1], or the letter or row in optopt. */
static int refuse(const struct option_table *table, char **argv, int found)
{
	const char *word = argv[optind - 1];
	const struct option_row *row = optopt ? find_row(table, optopt) : NULL;

	if (found == ':')
		log_error("option '%s' needs an argument%s%s; see %s --help",
			  word, row ? ": " : "", row ? row->argument : "",
			  table->command);
	else if (row || optopt == LONG_HELP)
		log_error("option '%s' takes no argument; see %s --help", word,
			  table->command);
	else if (optopt)
		log_error("unknown option '-%c'; see %s --help", optopt,
			  table->command);
	else
		refuse_name(table, word);
	return -EINVAL;
}

static int count_operands(const struct option_table *table, size_t count)
{
	if (!table->most || (count >= table->least && count <= table->most))
		return 0;
	log_error("%s takes %s: %s %.*s", strrchr(table->command, ' ') + 1,
		  table->takes, table->command,
		  (int)strcspn(table->synopsis, "\n"), table->synopsis);
	return -EINVAL;
}

static int print_help(const struct option_table *table)
{
	option_table_print_help(table, stdout);
	if (!fflush(stdout) && !ferror(stdout))
		return OPTION_HELP;
	log_error("cannot write the help: %s", strerror(errno));
	return -EIO;
}

int option_table_parse(const struct option_table *table, void *options,
		       int argc, char **argv, int *ret_first)
{
	struct getopt_tables tables = build_tables(table);
	const char *letters = buffer_string(&tables.letters);
	int found, error = 0;

	optind = 0;	/* glibc: begin anew, argv[0] is the command */
	opterr = 0;
	while (!error && (found = getopt_long(argc, argv, letters,
					      tables.longs, NULL)) != -1) {
		const struct option_row *row = find_row(table, found);

		if (found == 'h' || found == LONG_HELP)
			error = print_help(table);
		else if (row)
			error = row->apply(row, options, optarg);
		else
			error = refuse(table, argv, found);
	}
	free(tables.longs);
	buffer_free(&tables.letters);
	if (!error)
		error = count_operands(table, (size_t)(argc - optind));
	if (!error)
		*ret_first = optind;
	return error;
}
