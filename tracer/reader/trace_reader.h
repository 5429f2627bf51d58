/*
 * Reads a recorded trace, one event a line: JSON Lines, or the array that
 * `--format json` writes, with LF or CRLF. It checks what concerns a line's
 * place among the others; whether an event keeps its schema it doesn't look
 * at, so a consumer must still expect every key to be absent or of another
 * type. One line is in memory at a time.
 *
 *	struct trace_reader *reader = trace_reader_new(path);
 *	json_t *event;
 *	int found;
 *
 *	while ((found = trace_reader_next(reader, &event)) > 0) {
 *		use(event);
 *		json_decref(event);
 *	}
 *	if (found < 0)
 *		log_error("%s", trace_reader_error(reader));
 *	else if (!trace_reader_is_complete(reader))
 *		log_warning("%s is incomplete: it has no trace_end", path);
 *	trace_reader_free(reader);
 *
 * The caller owns the events; lines and sentences belong to the reader.
 */
#ifndef READER_TRACE_READER_H
#define READER_TRACE_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* What is read: this major version of the format. */
#define TRACE_READER_FORMAT "kvmtrace/1"
#define TRACE_READER_LINE_BYTES (64u << 20)
/* A value costs jansson some 100 bytes, so a line has no more than these. */
#define TRACE_READER_LINE_VALUES (1u << 20)

struct trace_reader;

/* Never fails: a path that can't be opened shows at the first reading. "-" is
 * standard input. The path is borrowed until the reader is freed. */
struct trace_reader *trace_reader_new(const char *path);
void trace_reader_free(struct trace_reader *reader);

/*
 * The file may be growing: at its end `wait` is asked, which returns true when
 * it is time to look again and false when no more is wanted. A last line
 * without its newline is then no line.
 */
typedef bool trace_reader_wait(void *context);
void trace_reader_follow(struct trace_reader *reader, trace_reader_wait *wait,
			 void *context);

/*
 * The next line's text without its newline (and without the array's
 * punctuation), valid until the next reading. 1: there is one; 0: the end;
 * -errno: trouble, and trace_reader_error() says which. Nothing is parsed:
 * none of the checks below are made.
 */
int trace_reader_next_line(struct trace_reader *reader, const char **ret_line,
			   size_t *ret_length);

/*
 * The next event: an object with a string `type`. 1, 0 or -errno as above;
 * -EBADMSG for what is no JSON, of another major version, or out of place:
 * trace_start must be first, trace_end last, `seq` count from 0.
 */
int trace_reader_next(struct trace_reader *reader, json_t **ret_event);

/* `pointer` is a JSON Pointer into the event; "" is all of it. */
typedef void trace_reader_misplaced(void *context, const char *pointer,
				    const char *expected);

/*
 * For a checker: what is out of place is told to `misplaced` and the event is
 * returned all the same, whatever JSON value it is.
 */
int trace_reader_next_telling(struct trace_reader *reader,
			      trace_reader_misplaced *misplaced, void *context,
			      json_t **ret_event);

/* The text of the line that was read last; what trace_reader_next() parsed. */
const char *trace_reader_line(const struct trace_reader *reader,
			      size_t *ret_length);
/* That line's number, from 1; 0 before the first. */
unsigned long trace_reader_line_number(const struct trace_reader *reader);

/* Have trace_start and trace_end been among the events read so far? */
bool trace_reader_is_started(const struct trace_reader *reader);
bool trace_reader_is_complete(const struct trace_reader *reader);

/*
 * One sentence, without a full stop, on why the last reading failed. It names
 * the path and the line but quotes nothing of the trace, which may hold
 * anything.
 */
const char *trace_reader_error(struct trace_reader *reader);

#endif
