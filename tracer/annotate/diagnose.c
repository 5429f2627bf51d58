#include "annotate/diagnose.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void add_seq(struct note *note, uint64_t seq)
{
	if (seq == NOTES_NO_SEQ || note->seq_count == NOTE_SEQS_MAX)
		return;
	for (size_t i = 0; i < note->seq_count; i++)
		if (note->seqs[i] == seq)
			return;
	note->seqs[note->seq_count++] = seq;
}

static void add_sentences(struct buffer *out, const struct diagnosis *row,
			  const char *facts, va_list arguments)
{
	char text[512];

	buffer_add(out, row->cause, strlen(row->cause) - (facts != NULL));
	if (facts) {
		vsnprintf(text, sizeof(text), facts, arguments);
		buffer_add_string(out, " (");
		buffer_add_string(out, text);
		buffer_add_string(out, ").");
	}
	if (row->remedy) {
		buffer_add_char(out, ' ');
		buffer_add_string(out, row->remedy);
	}
}

static void add_note(struct scene *scene, enum diagnosis_code code,
		     enum note_severity severity, const char *fields,
		     const char *facts, va_list arguments)
{
	struct notes *notes = scene->notes;
	struct note *note = &notes->list[notes->count];

	if (notes->count == NOTES_MAX)
		return;
	notes->count++;
	*note = (struct note){ .code = code, .severity = severity,
			       .fields = fields,
			       .offset = notes->text.length };
	add_sentences(&notes->text, &diagnoses[code], facts, arguments);
	note->length = notes->text.length - note->offset;
	add_seq(note, scene->seq);
}

void diagnose_say(struct scene *scene, enum diagnosis_code code,
		  const char *fields, const char *facts, ...)
{
	enum note_severity severity = diagnoses[code].severity;
	va_list arguments;

	if (severity == NOTE_ERROR) {
		severity = NOTE_WARN;
		scene->notes->trouble = (int)code;
	}
	va_start(arguments, facts);
	add_note(scene, code, severity, fields, facts, arguments);
	va_end(arguments);
}

void diagnose_say_as(struct scene *scene, enum diagnosis_code code,
		     enum note_severity severity, const char *fields,
		     const char *facts, ...)
{
	va_list arguments;

	va_start(arguments, facts);
	add_note(scene, code, severity, fields, facts, arguments);
	va_end(arguments);
}

void diagnose_cite(struct scene *scene, struct mark mark)
{
	struct notes *notes = scene->notes;

	if (mark.is_set && notes->count)
		add_seq(&notes->list[notes->count - 1], mark.seq);
}

bool diagnose_once(struct scene *scene, enum diagnosis_code code)
{
	uint64_t bit = 1ull << code % 64;
	uint64_t *said = scene->vcpu ? &scene->vcpu->said[code / 64] : NULL;

	_Static_assert(DIAGNOSIS_CODES <= 128, "as many bits as codes");
	if (!said || *said & bit)
		return false;
	*said |= bit;
	return true;
}

bool diagnose_has(const struct scene *scene, enum diagnosis_code code)
{
	for (unsigned int i = 0; i < scene->notes->count; i++)
		if (scene->notes->list[i].code == code)
			return true;
	return false;
}

bool diagnose_is_on(const struct scene *scene, const char *vendor)
{
	return !scene->notes->vendor ||
	       !strcmp(scene->notes->vendor, vendor);
}

const uint8_t *diagnose_argument(const struct scene *scene, size_t size)
{
	const struct record_part *part = record_find_part(
		scene->record, PART_ARGUMENT, PHASE_BEFORE, 0);

	return part && part->length >= size ?
		record_part_bytes(scene->record, part) : NULL;
}
