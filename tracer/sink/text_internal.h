/*
 * What the files of the text timeline share: the view, the line under
 * construction, and the parts of an event. Nothing outside tracer/sink
 * includes this.
 *
 * A line is a gutter (event number and time, or a label) and words behind it;
 * a word that doesn't fit goes to the next line, below the first word.
 */
#ifndef SINK_TEXT_INTERNAL_H
#define SINK_TEXT_INTERNAL_H

#include <stdint.h>

#include "abi/abi.h"
#include "base/json_member.h"
#include "sink/text.h"
#include "sink/text_escape.h"

#define TEXT_GUTTER 16		/* columns before the first word */
#define TEXT_CALL 27		/* column of the call, behind its object */

enum text_style {
	STYLE_PLAIN,
	STYLE_NAME,	/* of a call */
	STYLE_DIM,	/* what the eye may skip */
	STYLE_ERROR,
	STYLE_WARNING,
	STYLE_GUEST,	/* what the guest says */
};

struct text_line {
	struct buffer *out;	/* borrowed from the caller of the view */
	struct buffer word;	/* under construction */
	unsigned width;
	unsigned indent;	/* where a wrapped line goes on */
	unsigned column;
	bool has_word;		/* behind the gutter */
	bool colour;
};

/* Runs of KVM_RUN that end alike, waiting for one that doesn't. */
struct text_fold {
	struct buffer key;	/* what they have in common */
	struct buffer data;	/* what the guest wrote, as hex digits */
	json_t *first;		/* the first of them, owned; NULL: none waits */
	uint64_t times;
	uint64_t total_ns;
	uint64_t last_index;	/* run_index; 0: unknown */
};

struct text_view {
	struct text_options options;
	struct text_line line;
	struct text_fold fold;
	struct buffer rows;	/* of a table: struct text_row */
	struct buffer run_caller;	/* of the last KVM_RUN that was shown */
	const struct abi_type *type;	/* of what is shown; NULL: unknown */
	json_t *drawn;		/* keys: calls whose steps were drawn */
	json_t *guest;		/* parts of the guest as they were shown last */
	bool has_main_tid;
	json_int_t main_tid;	/* of the first event: its lines bear no tid */
	bool is_begun;		/* some event was shown */
	bool is_ended;		/* trace_end was */
};

/* text_line.c */

/* Begin a line: `label` stands at the right of the gutter, NULL: none. */
void text_line_begin(struct text_line *line, const char *label,
		     enum text_style style);
/* Begin one at `column`, without gutter. */
void text_line_begin_at(struct text_line *line, unsigned column);
void text_line_end(struct text_line *line);
/* Go on at `column`: on this line when it is there, otherwise on a new one. */
void text_line_next(struct text_line *line, unsigned column);
/* Blanks up to `column`; none when the line is there already. */
void text_line_align(struct text_line *line, unsigned column);
/* The same, and the line's words begin there: wrapped ones go on below. */
void text_line_start(struct text_line *line, unsigned column);

/* The empty word to fill; put it with `gap` blanks before it. */
struct buffer *text_line_word(struct text_line *line);
void text_line_put(struct text_line *line, unsigned gap, enum text_style style);

/* The same without breaking it, whatever its length: every blank counts. */
void text_line_put_whole(struct text_line *line, unsigned gap,
			 enum text_style style);

/* A word as printf makes it: for text of ours, not of an event's. */
void text_line_add(struct text_line *line, unsigned gap, enum text_style style,
		   const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* A JSON string as a sentence that may be broken at blanks. */
void text_line_add_sentence(struct text_line *line, unsigned gap,
			    enum text_style style, const json_t *string);

static inline bool text_is_scalar(const json_t *value)
{
	return !json_is_object(value) && !json_is_array(value);
}

/* text_format.c: one value as text, by the conventions of the format. */

/* A scalar, in hex where it is a number and `in_hex`. */
void text_format_plain(struct text_view *view, struct buffer *out,
		       const char *key, const json_t *value, bool in_hex);
/* The same, hex as the member is, with its name (a string) or names. */
void text_format_named(struct text_view *view, struct buffer *out,
		       const char *key, const json_t *value,
		       const json_t *name);
/* What stands beside a member under its key and "_name" or "_names". */
const json_t *text_format_find_name(const json_t *object, const char *key);
/* A scalar member, with its name or names when the object has them. */
void text_format_value(struct text_view *view, struct buffer *out,
		       const json_t *object, const char *key,
		       const json_t *value);
/* The same behind its key. */
void text_format_member(struct text_view *view, struct buffer *out,
			const json_t *object, const char *key,
			const json_t *value);
/* Is it shown beside another member (cr0_names beside cr0)? */
bool text_format_is_companion(const json_t *object, const char *key);

/* text_type.c: the rows of abi/ that tell how members are read. */

/* Those of a part of an ioctl's event: "in", "out" or "exit". */
void text_type_begin(struct text_view *view, const json_t *event,
		     const char *part);
/* Those of what the object has under a key; returns those of the object. */
const struct abi_type *text_type_enter(struct text_view *view,
				       const json_t *object, const char *key);
/* Is it a number that people read in hex, although it isn't a string? */
bool text_type_is_hex(const struct text_view *view, const char *key);

/* text_value.c: any structure. */

/* Does it fit on the line of its event? */
bool text_value_is_short(struct text_view *view, const json_t *object);
/* All scalars of an object as words of the current line. */
void text_value_add_scalars(struct text_view *view, const json_t *object);
/* The whole of it on lines of its own. */
void text_value_add_block(struct text_view *view, const char *label,
			  const json_t *object);

/* text_table.c */
struct text_row {
	const char *name;	/* NULL: the row's number in brackets */
	const json_t *object;
};
/* May `next` stand below `object` in a table? */
bool text_table_is_alike(const json_t *object, const json_t *next);
/* Draw view->rows as a table; false when it is too wide for any. */
bool text_table_draw(struct text_view *view);

/* text_flow.c */
bool text_flow_is_wanted(const struct text_view *view, const json_t *event);
/* The six steps as a way down into the kernel and back. */
void text_flow_draw(struct text_view *view, const json_t *event);
void text_flow_add_notes(struct text_view *view, const json_t *event);

/* text_call.c: the parts of a call's line, and whole calls. */

/* The gutter with number and time, the object, and the thread. */
void text_call_begin_line(struct text_view *view, const json_t *event);
/* "-> " and what the call gave. */
void text_call_add_result(struct text_view *view, const json_t *event);
void text_call_add_duration(struct text_line *line, uint64_t ns);
/* "vm.c:88 create_vcpu" */
void text_call_format_caller(struct buffer *out, const json_t *event);
void text_call_add_ioctl(struct text_view *view, const json_t *event);
void text_call_add_syscall(struct text_view *view, const json_t *event);

/* text_summary.c: inputs and results that read better in words. */

/* Bytes in the largest unit that leaves a whole number: "2 MiB". */
void text_format_size(struct buffer *out, uint64_t bytes);

/* The inputs of a call in its line; false: no summary for this one. */
bool text_summary_add_inputs(struct text_view *view, const json_t *event);
/* A result that is no error. */
void text_summary_add_result(struct text_view *view, const json_t *event,
			     json_int_t result);

/* text_run.c: KVM_RUN. */
void text_run_add(struct text_view *view, const json_t *event);
/* The exit in words; `has_data`: with the bytes that were written. */
void text_run_add_exit(struct text_view *view, const json_t *event,
		       bool has_data);
/* A loop calls from one place: say where only when that changes. */
void text_run_add_new_caller(struct text_view *view, const json_t *event);
/* What of an exit has no place in its line, on lines of its own. */
void text_run_add_blocks(struct text_view *view, const json_t *event);
/* Hex digits, of which some may be missing, as a number or text. */
void text_run_format_data(struct buffer *out, const char *digits);
/* The bytes that the guest wrote, as hex digits; NULL: none. */
const char *text_run_get_written(const json_t *event);

/* text_guest.c: what is new in the event's view of the guest, on own lines. */
void text_guest_add(struct text_view *view, const json_t *event);

/* text_fold.c */

/* Let a run wait for others like it; false: it must be shown by itself. */
bool text_fold_take(struct text_view *view, const json_t *event);
/* Show what waits. */
void text_fold_flush(struct text_view *view);
void text_fold_done(struct text_fold *fold);

/* text_frame.c: what stands around the calls. */
void text_frame_add_start(struct text_view *view, const json_t *event);
void text_frame_add_console(struct text_view *view, const json_t *event);
void text_frame_add_process(struct text_view *view, const json_t *event);
void text_frame_add_end(struct text_view *view, const json_t *event);
/* In place of the end that a trace doesn't have. */
void text_frame_add_incomplete(struct text_view *view);

#endif
