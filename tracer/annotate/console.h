/*
 * The guest's console: bytes that it writes to a character port, put together
 * to lines, each vCPU and port for itself.
 */
#ifndef ANNOTATE_CONSOLE_H
#define ANNOTATE_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "record/record.h"
#include "session/session.h"

/* A line ends here even without a newline. */
#define CONSOLE_LINE_BYTES 4096
#define CONSOLE_NO_SEQ UINT64_MAX

struct console_line {
	int32_t pid;
	int32_t vm;
	int64_t vcpu;
	uint16_t port;
	const uint8_t *text;	/* without the newline; valid during the call */
	size_t length;
	uint64_t from_seq, to_seq;	/* CONSOLE_NO_SEQ: that run is not in the trace */
};

typedef void console_line_fn(void *context, const struct console_line *line);

struct console;

/* Watches 0xe9 and 0x3f8, and more ports by console_watch(). */
struct console *console_new(void);
void console_free(struct console *console);
void console_watch(struct console *console, uint16_t port);

/*
 * Take the exit of a KVM_RUN, which stands in the trace as `seq`, if it does; calls
 * `line` for each line that it finishes. A halt or shutdown finishes what the
 * vCPU has begun.
 */
void console_apply(struct console *console, const struct record *record,
		   const struct session_view *view, uint64_t seq,
		   console_line_fn *line, void *context);

/* Finish all that was begun. */
void console_flush(struct console *console, console_line_fn *line,
		   void *context);

#endif
