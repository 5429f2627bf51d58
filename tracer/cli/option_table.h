/*
 * A command line as a table: a row for each option. The table parses it, says
 * what is wrong with it, prints the help; and from the same rows come the
 * shells' completion (complete_command.h) and the manual (manual.h).
 *
 * -h, --help needs no row: every table has it.
 */
#ifndef OPTION_TABLE_H
#define OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/candidates.h"

struct option_row {
	char letter;		/* 0: only the long form */
	const char *name;	/* NULL: `help` is a heading of those below */
	const char *argument;	/* what the help calls it; NULL: takes none */
	const char *help;
	/* `value` is argv's. -EINVAL behind a sentence when it is wrong. */
	int (*apply)(const struct option_row *row, void *options,
		     const char *value);
	size_t place;		/* where the stock ones below put it */
	const char *const *words;	/* all that it may be, NULL-terminated */
	candidates_source *offer;	/* what it may be, when not words */
};

struct option_table {
	const char *command;	/* "kvmtrace diff" */
	const char *synopsis;	/* what follows it, a line for each way */
	const char *about;	/* paragraphs, with an empty line between */
	const struct option_row *rows;
	size_t row_count;
	const char *status;	/* paragraphs behind the options: the exit status */
	/* Operands: so many, "two traces"; with `most` 0, nobody counts. */
	size_t least, most;
	const char *takes;
	candidates_source *offer;	/* what an operand may be */
	bool has_program;	/* the first operand, and its words behind it */
	bool has_program_behind_dashes;	/* the same, but behind -- only */
	void (*print_more)(FILE *file);	/* more help; may be NULL */
};

#define OPTION_ROWS(list) .rows = (list), \
	.row_count = sizeof(list) / sizeof((list)[0])

/* Stock appliers, with the member of the caller's struct that they set. */
int option_set_flag(const struct option_row *row, void *options,
		    const char *value);
int option_set_text(const struct option_row *row, void *options,
		    const char *value);
/* The index in the row's words, into an int or an enum. */
int option_set_word(const struct option_row *row, void *options,
		    const char *value);

/* The member's place; the compiler refuses a member of another type. */
#define OPTION_PLACE(type, member, is_fine) (offsetof(struct type, member) + \
	0 * sizeof(char[(is_fine) ? 1 : -1]))
#define OPTION_IS(type, member, wanted) __builtin_types_compatible_p( \
	__typeof__(((struct type *)NULL)->member), wanted)

#define OPTION_FLAG(type, member) option_set_flag, \
	OPTION_PLACE(type, member, OPTION_IS(type, member, bool)), NULL, NULL
#define OPTION_TEXT(type, member) option_set_text, \
	OPTION_PLACE(type, member, OPTION_IS(type, member, const char *)), NULL
#define OPTION_WORD(type, member, words) option_set_word, \
	OPTION_PLACE(type, member, OPTION_IS(type, member, int) || \
		     OPTION_IS(type, member, unsigned int)), (words), NULL

/*
 * For appliers: -EINVAL behind a sentence when the value isn't one of the
 * row's words, a whole number within the bounds (decimal, or hex behind 0x;
 * as a size with K, M or G behind it), or a number of seconds above 0.
 */
int option_find_word(const struct option_row *row, const char *value);
int option_parse_number(const struct option_row *row, const char *value,
			unsigned long long least, unsigned long long most,
			unsigned long long *ret_number);
int option_parse_size(const struct option_row *row, const char *value,
		      unsigned long long most, unsigned long long *ret_bytes);
int option_parse_seconds(const struct option_row *row, const char *value,
			 double most, double *ret_seconds);

/* What option_table_parse() ends with when it has printed the help. */
#define OPTION_HELP 1

/*
 * Options may stand before and behind operands, which are left in argv from
 * *ret_first on, unless a program begins with the first one. OPTION_HELP: the
 * help was asked for and went to standard output, nothing else is to be done;
 * -errno: a sentence has gone to standard error.
 */
int option_table_parse(const struct option_table *table, void *options,
		       int argc, char **argv, int *ret_first);

void option_table_print_help(const struct option_table *table, FILE *file);

#endif
