/*
 * How far a long piece of work has come: one line on standard error, written
 * anew a few times a second once the work takes longer than one, and erased at
 * its end. Only for a terminal: elsewhere nothing is ever written.
 *
 * A progress is a plain struct of the caller's and owns nothing.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool is_wanted;
	bool is_shown;		/* its line stands on the terminal */
	uint64_t total_bytes;	/* 0: unknown, so is the time left */
	uint64_t begin_ns, next_ns;
	uint64_t events, bytes;	/* done so far */
};

/*
 * Begin, with the size of the regular file at `path` as the whole of the work;
 * that of a pipe isn't known. `is_wanted` false: show nothing, because other
 * output of the program goes to the same terminal.
 */
void progress_begin(struct progress *progress, const char *path,
		    bool is_wanted);

/* One event more, of so many bytes. Costs a clock reading in 64 calls. */
void progress_add(struct progress *progress, uint64_t bytes);

/* Erase the line, before other output and at the end; it may come again. */
void progress_clear(struct progress *progress);

#endif
