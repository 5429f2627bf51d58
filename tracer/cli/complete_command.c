#include "cli/complete_command.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "cli/options.h"

/* The words of one command line, up to the one to be completed. */
struct line {
	const struct option_table *table;
	char **words;
	size_t count, next;
	bool is_behind_dashes;
};

static const struct option_row *find_long(const struct option_table *table,
					  const char *name, size_t length)
{
	for (size_t i = 0; i < table->row_count; i++) {
		const char *own = table->rows[i].name;

		if (own && strlen(own) == length && !strncmp(own, name, length))
			return &table->rows[i];
	}
	return NULL;
}

static const struct option_row *find_letter(const struct option_table *table,
					    char letter)
{
	for (size_t i = 0; i < table->row_count; i++)
		if (table->rows[i].letter == letter)
			return &table->rows[i];
	return NULL;
}

/* The option whose argument is the next word: "--output", "-o", "-vo". */
static const struct option_row *awaits(const struct option_table *table,
				       const char *word)
{
	const struct option_row *row = NULL;

	if (!strncmp(word, "--", 2))
		row = find_long(table, word + 2, strlen(word + 2));
	else
		for (size_t i = 1; word[i]; i++) {
			row = find_letter(table, word[i]);
			if (row && row->argument)
				return word[i + 1] ? NULL : row;
		}
	return row && row->argument ? row : NULL;
}

static void offer_argument(struct candidates *candidates,
			   const struct option_row *row)
{
	if (row->words)
		candidates_offer_words(candidates, row->words);
	else if (row->offer)
		row->offer(candidates);
}

static void offer_long(struct candidates *candidates, const char *name,
		       const char *help)
{
	char word[64];

	snprintf(word, sizeof(word), "--%s", name);
	candidates_offer(candidates, word, help);
}

static void offer_options(struct candidates *candidates,
			  const struct option_table *table)
{
	for (size_t i = 0; i < table->row_count; i++)
		if (table->rows[i].name)
			offer_long(candidates, table->rows[i].name,
				   table->rows[i].help);
	offer_long(candidates, "help", "this help");
}

/* "--format=j": what is behind the sign is completed. */
static void offer_behind_sign(struct candidates *candidates,
			      const struct option_table *table)
{
	size_t length = strcspn(candidates->word, "=");
	const struct option_row *row = find_long(table, candidates->word + 2,
						 length - 2);

	candidates->kept = length + 1;
	if (row && row->argument)
		offer_argument(candidates, row);
}

static void offer_option(struct candidates *candidates,
			 const struct option_table *table)
{
	const char *word = candidates->word;

	if (!strncmp(word, "--", 2) && strchr(word, '='))
		offer_behind_sign(candidates, table);
	else
		offer_options(candidates, table);
	/* A letter is whole as it is. */
	if (word[1] && word[1] != '-' && !word[2] &&
	    find_letter(table, word[1]))
		candidates_offer(candidates, word,
				 find_letter(table, word[1])->help);
}

/* Is an operand here a program's name? */
static bool wants_program(const struct line *line)
{
	return line->table->has_program ||
	       (line->is_behind_dashes &&
		line->table->has_program_behind_dashes);
}

static void offer_operand(struct candidates *candidates,
			  const struct line *line)
{
	if (wants_program(line))
		candidates_ask_program(candidates, line->next);
	else if (line->table->offer)
		line->table->offer(candidates);
}

/*
 * Take the words before the last, up to a program's name. True when the last
 * one is the argument of the option before, of which candidates are offered.
 */
static bool take_words(struct line *line, struct candidates *candidates)
{
	for (; line->next + 1 < line->count; line->next++) {
		const char *word = line->words[line->next];
		bool is_option = !line->is_behind_dashes && *word == '-' &&
				 word[1];
		const struct option_row *row;

		if (!is_option && wants_program(line))
			return false;
		if (!is_option)
			continue;
		line->is_behind_dashes = !strcmp(word, "--");
		row = awaits(line->table, word);
		if (row && line->next + 2 == line->count) {
			offer_argument(candidates, row);
			return true;
		}
		line->next += row != NULL;
	}
	return false;
}

static void complete(struct line *line, struct candidates *candidates)
{
	if (take_words(line, candidates))
		return;
	if (line->next + 1 == line->count && !line->is_behind_dashes &&
	    *candidates->word == '-')
		offer_option(candidates, line->table);
	else
		offer_operand(candidates, line);
}

static void complete_words(char **words, size_t count,
			   struct candidates *candidates)
{
	const struct command *command = count > 1 ? command_find(words[0])
						  : NULL;
	struct line line = {
		.table = command ? command->table : &options_table,
		.words = words, .count = count, .next = command ? 1 : 0,
	};

	candidates->word = words[count - 1];
	if (count == 1)
		commands_offer(candidates);
	if (line.table)
		complete(&line, candidates);
}

int complete_run(int argc, char **argv)
{
	struct candidates candidates = { .out = BUFFER_EMPTY };

	if (argc > 1)
		complete_words(argv + 1, (size_t)argc - 1, &candidates);
	fputs(buffer_string(&candidates.out), stdout);
	buffer_free(&candidates.out);
	return 0;
}
