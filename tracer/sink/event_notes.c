/* The `notes` of a line. */
#include <string.h>

#include "sink/event_internal.h"

/* The paths, which stand with a blank between two. */
static void add_fields(struct json_writer *json, const char *fields)
{
	json_begin_array(json, "fields");
	while (*fields) {
		size_t length = strcspn(fields, " ");

		json_add_text(json, NULL, fields, length);
		fields += length + (fields[length] == ' ');
	}
	json_end_array(json);
}

static void add_evidence(struct json_writer *json, const struct note *note)
{
	if (!note->fields && !note->seq_count)
		return;
	json_begin_object(json, "evidence");
	if (note->seq_count) {
		json_begin_array(json, "seq");
		for (size_t i = 0; i < note->seq_count; i++)
			json_add_unsigned(json, NULL, note->seqs[i]);
		json_end_array(json);
	}
	if (note->fields)
		add_fields(json, note->fields);
	json_end_object(json);
}

static void add_note(struct json_writer *json, const struct notes *notes,
		     const struct note *note)
{
	const struct diagnosis *row = &diagnoses[note->code];

	json_begin_object(json, NULL);
	json_add_string(json, "code", row->code);
	json_add_string(json, "severity",
			notes_severity_name(note->severity));
	json_add_text(json, "text", notes->text.data + note->offset,
		      note->length);
	if (row->remedy)
		json_add_string(json, "vendor", row->vendor);
	add_evidence(json, note);
	json_end_object(json);
}

void event_add_notes(struct json_writer *json, const struct notes *notes)
{
	if (!notes->count)
		return;
	json_begin_array(json, "notes");
	for (unsigned int i = 0; i < notes->count; i++)
		add_note(json, notes, &notes->list[i]);
	json_end_array(json);
}
