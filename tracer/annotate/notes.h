/*
 * Notes: what a reader of one line should know beyond its values, each with a
 * stable code (diagnoses.h). A note never claims more than the trace shows:
 * it says which lines and which of their members show it.
 *
 * They know the history of the trace, so each record must be given to them,
 * in order, whether its line is written or not.
 */
#ifndef ANNOTATE_NOTES_H
#define ANNOTATE_NOTES_H

#include "annotate/diagnoses.h"
#include "base/buffer.h"
#include "record/record.h"
#include "session/session.h"

#define NOTES_MAX 16
#define NOTE_SEQS_MAX 4

/* The record has no line in the trace. */
#define NOTES_NO_SEQ UINT64_MAX

struct note {
	enum diagnosis_code code;
	enum note_severity severity;
	size_t offset, length;	/* its sentences, in notes.text */
	/* Evidence: lines, and the paths of members in them, with a blank
	 * between two; NULL: none. */
	uint64_t seqs[NOTE_SEQS_MAX];
	size_t seq_count;
	const char *fields;
};

struct history;

/* Of the last record. Zeroed it is empty; notes_free() releases it. */
struct notes {
	struct buffer text;
	unsigned int count;
	struct note list[NOTES_MAX];
	struct history *history;
	int trouble;		/* code of an error among them, or -1 */
	const char *vendor;	/* of the machine's KVM, or NULL: not known */
};

const char *notes_severity_name(enum note_severity severity);

/* The trace begins; then comes what it has to say of each record. */
void notes_begin(struct notes *notes, const struct record_start *start);
void notes_find(struct notes *notes, const struct record *record,
		const struct session_view *view, uint64_t seq);
void notes_free(struct notes *notes);

#endif
