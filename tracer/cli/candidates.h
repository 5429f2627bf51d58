/*
 * Candidates for a word that the shell completes. Who knows what the word may
 * be offers them; those that begin with what was typed, in letters of either
 * case, are printed for completion/, a line each: the whole word, a tab, and
 * what it is. A line that begins with a colon asks the shell to find them.
 */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include <stddef.h>

#include "base/buffer.h"

struct candidates {
	struct buffer out;
	const char *word;	/* as typed so far */
	size_t kept;		/* its bytes before the part to be completed */
};

/* Offers all that a word may be; the same one twice does no harm. */
typedef void candidates_source(struct candidates *candidates);

/* `about` may be NULL. */
void candidates_offer(struct candidates *candidates, const char *text,
		      const char *about);
/* A list that ends with NULL. */
void candidates_offer_words(struct candidates *candidates,
			    const char *const *words);

/* The part to be completed begins behind the last of these characters. */
void candidates_split(struct candidates *candidates, const char *separators);

/* What shells find better: files, folders, users, running processes. */
candidates_source candidates_ask_files, candidates_ask_folders,
	candidates_ask_users, candidates_ask_processes;
/* Word number `index` is a program, and what follows are its own words. */
void candidates_ask_program(struct candidates *candidates, size_t index);

#endif
