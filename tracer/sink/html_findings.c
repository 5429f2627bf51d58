/* Diagnoses: notes of the severities warn and error, a card for each code. */
#include "sink/html_internal.h"

#include <stdlib.h>

#define FINDINGS_MAX 100
#define EVIDENCE_MAX 8
#define FIELDS_MAX 16
#define TEXT_MAX 4096	/* bytes of a note's text */

/* Notes of one code. */
struct html_finding {
	char code[64];
	int severity;		/* enum note_severity, the worst */
	uint64_t count, first_seq, last_seq;
	struct buffer card;	/* HTML of the first: it knows most */
};

static size_t count_findings(const struct html_facts *facts)
{
	return facts->findings.length / sizeof(struct html_finding);
}

static struct html_finding *get_findings(struct html_facts *facts)
{
	return (struct html_finding *)facts->findings.data;
}

void html_findings_free(struct html_facts *facts)
{
	for (size_t i = 0; i < count_findings(facts); i++)
		buffer_free(&get_findings(facts)[i].card);
	buffer_free(&facts->findings);
}

static struct html_finding *find(struct html_facts *facts, const char *code)
{
	struct html_finding *finding = get_findings(facts);

	for (size_t i = 0; i < count_findings(facts); i++)
		if (!strcmp(finding[i].code, code))
			return &finding[i];
	return NULL;
}

static struct html_finding *find_or_add(struct html_facts *facts,
					const json_t *event, const char *code)
{
	struct html_finding fresh = { .severity = NOTE_INFO }, *found;

	html_copy(fresh.code, sizeof(fresh.code), code);
	found = find(facts, fresh.code);
	if (found || count_findings(facts) >= FINDINGS_MAX)
		return found;
	json_member_u64(event, "seq", &fresh.first_seq);
	buffer_add(&facts->findings, &fresh, sizeof(fresh));
	return get_findings(facts) + count_findings(facts) - 1;
}

static int get_severity(const json_t *note)
{
	return json_member_is(note, "severity", "error") ? NOTE_ERROR :
	       json_member_is(note, "severity", "warn") ? NOTE_WARN : NOTE_INFO;
}

/* The note's text ends with the remedy (annotate/diagnose.c): once is enough. */
static void write_texts(struct buffer *out, const json_t *note)
{
	const struct diagnosis *diagnosis =
		diagnosis_find(json_member_text(note, "code"));
	const char *remedy = diagnosis ? diagnosis->remedy : NULL;
	const char *text = json_member_text(note, "text");
	size_t length = text ? strlen(text) : 0;
	size_t tail = remedy ? strlen(remedy) : 0;

	if (tail && length >= tail && !strcmp(text + length - tail, remedy))
		length -= tail;
	if (length > TEXT_MAX)
		for (length = TEXT_MAX;
		     ((unsigned char)text[length] & 0xc0) == 0x80;)
			length--;
	buffer_add_string(out, "<p>");
	html_add_text(out, text, length);
	if (!remedy)
		return;
	buffer_add_string(out, "<p class=\"remedy\"><b>What helps:</b> ");
	html_add_string(out, remedy);
}

static void write_evidence(struct buffer *out, const json_t *event,
			   const json_t *note)
{
	const json_t *evidence = json_member_object(note, "evidence");
	const json_t *seqs = json_member_array(evidence, "seq");
	const json_t *fields = json_member_array(evidence, "fields");
	uint64_t seq = 0;
	size_t i;

	buffer_add_string(out, "<p class=\"evidence\">Evidence: event");
	json_member_u64(event, "seq", &seq);
	for (i = 0; i < json_array_size(seqs) && i < EVIDENCE_MAX; i++) {
		seq = (uint64_t)json_integer_value(json_array_get(seqs, i));
		buffer_add_char(out, ' ');
		html_add_event(out, seq);
	}
	if (!seqs) {
		buffer_add_char(out, ' ');
		html_add_event(out, seq);
	}
	for (i = 0; i < json_array_size(fields) && i < FIELDS_MAX; i++) {
		buffer_add_string(out, i ? ", <code>" : "; <code>");
		html_add_json(out, json_array_get(fields, i));
		buffer_add_string(out, "</code>");
	}
}

static void write_head(struct buffer *out, const struct html_finding *finding)
{
	bool is_error = finding->severity == NOTE_ERROR;

	buffer_add_format(out, "<article class=\"finding %s\"><h3><span "
			  "class=\"severity\">%s</span> <code>",
			  is_error ? "error" : "warn",
			  is_error ? "Error" : "Warning");
	html_add_string(out, finding->code);
	buffer_add_string(out, "</code>");
}

/* Behind the head: whose KVM, the texts, and the evidence, left open. */
static void write_card(struct buffer *out, const json_t *event,
		       const json_t *note)
{
	const char *vendor = json_member_text(note, "vendor");

	if (vendor && strcmp(vendor, "any") && strlen(vendor) < 16) {
		buffer_add_string(out, " <span class=\"chip\">KVM on ");
		html_add_string(out, vendor);
		buffer_add_string(out, " only</span>");
	}
	buffer_add_string(out, "</h3>");
	write_texts(out, note);
	write_evidence(out, event, note);
}

/*
 * A code that a process's end has again, as an error, was told with more facts
 * by the call's own note: the worst severity, but the first note's texts.
 */
static void add_note(struct html_facts *facts, const json_t *event,
		     const json_t *note)
{
	const char *code = json_member_text(note, "code");
	int severity = get_severity(note);
	struct html_finding *finding;

	if (!code || severity == NOTE_INFO)
		return;
	finding = find_or_add(facts, event, code);
	if (!finding)
		return;
	if (!finding->count++)
		write_card(&finding->card, event, note);
	json_member_u64(event, "seq", &finding->last_seq);
	if (severity > finding->severity)
		finding->severity = severity;
}

void html_findings_add(struct html_facts *facts, const json_t *event)
{
	const json_t *notes = json_member_array(event, "notes");

	for (size_t i = 0; i < json_array_size(notes); i++)
		add_note(facts, event, json_array_get(notes, i));
}

static int compare_findings(const void *a, const void *b)
{
	const struct html_finding *one = a, *other = b;

	if (one->severity != other->severity)
		return other->severity - one->severity;
	return one->first_seq < other->first_seq ? -1 :
	       one->first_seq > other->first_seq;
}

static void write_finding(const struct html_finding *finding,
			  struct buffer *out)
{
	write_head(out, finding);
	buffer_add(out, finding->card.data, finding->card.length);
	if (finding->count > 1) {
		buffer_add_format(out, ". Noted %llu times, from ",
				  (unsigned long long)finding->count);
		html_add_event(out, finding->first_seq);
		buffer_add_string(out, " to ");
		html_add_event(out, finding->last_seq);
	}
	buffer_add_string(out, "</article>\n");
}

void html_findings_write(struct html_facts *facts, struct buffer *out)
{
	size_t count = count_findings(facts);

	if (!count) {
		buffer_add_string(out, "<p class=\"fine\">None: nothing in "
				  "this trace looks like a mistake.");
		return;
	}
	qsort(facts->findings.data, count, sizeof(struct html_finding),
	      compare_findings);
	for (size_t i = 0; i < count; i++)
		write_finding(get_findings(facts) + i, out);
}
