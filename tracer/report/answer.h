/*
 * An answer under construction: paragraphs, items, lines of a table and the
 * lines of the trace that prove them. Texts are written in a small Markdown:
 * `code` between backticks, and nothing else. All that comes from the trace
 * goes through answer_quote() and the like, which leave printable ASCII
 * without backticks, so that a hostile trace can't escape from its code.
 *
 * The answer owns everything; the strings returned live as long as it does.
 */
#ifndef REPORT_ANSWER_H
#define REPORT_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum block_kind {
	BLOCK_TEXT,
	BLOCK_ITEM,
	BLOCK_LINES,	/* a figure or table: lines that keep their blanks */
	BLOCK_SHEET,	/* where the course sheet is inexact */
	BLOCK_UNKNOWN,	/* what the trace can't tell */
};

struct block {
	enum block_kind kind;
	char *text;
};

struct answer {
	const char *id, *question;
	struct block *blocks;
	size_t block_count;
	bool is_known;		/* the trace itself had something to say */
	json_t *evidence;	/* numbers of lines, in order, none twice */
	json_t *strings;	/* what answer_quote() and the like returned */
};

void answer_init(struct answer *answer, const char *id, const char *question);
void answer_done(struct answer *answer);

void answer_add(struct answer *answer, enum block_kind kind,
		const char *format, ...) __attribute__((format(printf, 3, 4)));
#define answer_text(answer, ...) answer_add(answer, BLOCK_TEXT, __VA_ARGS__)
#define answer_item(answer, ...) answer_add(answer, BLOCK_ITEM, __VA_ARGS__)
#define answer_line(answer, ...) answer_add(answer, BLOCK_LINES, __VA_ARGS__)
#define answer_sheet(answer, ...) answer_add(answer, BLOCK_SHEET, __VA_ARGS__)
#define answer_unknown(answer, ...) \
	answer_add(answer, BLOCK_UNKNOWN, __VA_ARGS__)

/* Make the event evidence; its number, "seq 5", or "" for NULL. */
const char *answer_cite(struct answer *answer, const json_t *event);
/* The same for a line of which only the number is known. */
void answer_cite_seq(struct answer *answer, uint64_t seq);

/* printf into a string of the answer's. */
const char *answer_format(struct answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The string as code; "?" in place of NULL. */
const char *answer_quote(struct answer *answer, const char *text);
/* The same for a table, without backticks. */
const char *answer_plain(struct answer *answer, const char *text);
/* Where the program made the call: " in `f` (`a.c`, line 5)", or "". */
const char *answer_place(struct answer *answer, const json_t *event);
/* "`0x2000`"; and of a field of an event, "?" where it has none. */
const char *answer_hex(struct answer *answer, uint64_t number);
const char *answer_hex_at(struct answer *answer, const json_t *event,
			  const char *path);
/* The same in decimal, without backticks. */
const char *answer_decimal(struct answer *answer, uint64_t number);
const char *answer_decimal_at(struct answer *answer, const json_t *event,
			      const char *path);
/* "1 call", "2 calls" */
const char *answer_count(struct answer *answer, uint64_t count,
			 const char *thing);
/* "2 MiB (0x200000 bytes)" */
const char *answer_size(struct answer *answer, uint64_t bytes);
/* The names in an array, separated by blanks. */
const char *answer_names(struct answer *answer, const json_t *names);

#endif
