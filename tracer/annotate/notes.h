/*
 * Notes: what a reader of one call should know beyond its values, each with a
 * stable code. A note never claims more than the record shows.
 */
#ifndef ANNOTATE_NOTES_H
#define ANNOTATE_NOTES_H

#include "base/buffer.h"
#include "record/record.h"
#include "session/session.h"

enum note_severity {
	NOTE_INFO,
	NOTE_WARN,
	NOTE_ERROR,
};

#define NOTES_MAX 16

struct note {
	const char *code;
	enum note_severity severity;
	size_t offset, length;	/* its sentence, in notes.text */
};

/* Reused from call to call; zeroed it is valid. */
struct notes {
	struct buffer text;
	unsigned int count;
	struct note list[NOTES_MAX];
};

const char *notes_severity_name(enum note_severity severity);

/* What is to be said of this record, in place of what was there before. */
void notes_find(struct notes *notes, const struct record *record,
		const struct session_view *view);
void notes_free(struct notes *notes);

#endif
