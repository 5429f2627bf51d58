/*
 * What the files of the HTML page share: escaping, and the facts that its top
 * tells. Nothing outside tracer/sink/html*.c includes this.
 *
 * html_facts collects while events go by, whatever their number: what it keeps
 * is bounded. The others turn facts into HTML, which holds no byte of a trace
 * that did not go through html_add_text() and its kin.
 */
#ifndef SINK_HTML_INTERNAL_H
#define SINK_HTML_INTERNAL_H

#include <stdint.h>

#include "annotate/diagnoses.h"
#include "sink/html.h"
#include "sink/html_values.h"
#include "sink/text_internal.h"

/* html_text.c */

/*
 * Text of any origin: markup characters as entities; control characters, and
 * those that turn the direction of text or can't be seen, as \u{…}. Newlines
 * and tabs stay.
 */
void html_add_text(struct buffer *out, const char *text, size_t length);
void html_add_string(struct buffer *out, const char *text);
void html_add_json(struct buffer *out, const json_t *string);
/* A copy, cut at a code point where it is longer. */
void html_copy(char *to, size_t size, const char *from);
/* A link to an event, shown as its number. */
void html_add_event(struct buffer *out, uint64_t seq);
/* "1 call", "2 calls" */
void html_add_count(struct buffer *out, uint64_t count, const char *noun);

/* html_tally.c: how often something occurred, by a key. */

struct html_tally_row {
	char key[80], note[48];	/* cut where they are longer */
	uint64_t first_seq, count, bytes;
};

/* Zeroed it is empty. What has no row of its own is counted in `others`. */
struct html_tally {
	json_t *places;		/* of the rows, by key */
	struct buffer rows;	/* struct html_tally_row */
	uint64_t total, others;
};

/* `note` is of the first with that key; NULL: none. */
void html_tally_add(struct html_tally *tally, const char *key, const char *note,
		    const json_t *event, uint64_t bytes);
/* The rows, most frequent first; returns how many. Nothing is added then. */
size_t html_tally_sort(struct html_tally *tally,
		       struct html_tally_row **ret_rows);
void html_tally_free(struct html_tally *tally);

/* html_facts.c */

struct html_facts {
	json_t *start, *end;	/* those lines, owned; NULL: not seen */
	uint64_t events, calls, failures, vms, vcpus;
	struct html_tally exits, ports, modes;	/* modes: of the entries */
	char last_exit[64];
	uint64_t console_lines;
	json_t *console;	/* the lines to show: {seq, text, ...} */
	size_t console_bytes;
	json_t *slots;		/* "VM slot": {seq, vm, slot, gpa, size, hva} */
	uint64_t memory_bytes, most_memory_bytes;	/* now; ever */
	struct buffer findings;	/* struct html_finding */
	struct buffer mode;	/* HTML: of the guest at its first entry */
	bool has_entered;	/* it is of a KVM_RUN */
};

void html_facts_init(struct html_facts *facts);
void html_facts_event(struct html_facts *facts, const json_t *event);
void html_facts_free(struct html_facts *facts);
/* html_findings.c */
void html_findings_add(struct html_facts *facts, const json_t *event);
void html_findings_free(struct html_facts *facts);

/* What of the page's top each makes. */
void html_findings_write(struct html_facts *facts, struct buffer *out);
/* html_story.c */
void html_story_write_title(struct html_facts *facts, struct buffer *out);
void html_story_write_facts(struct html_facts *facts, struct buffer *out);
void html_story_write(struct html_facts *facts, struct buffer *out);
/* html_cards.c */
void html_cards_write_exits(struct html_facts *facts, struct buffer *out);
void html_cards_write_ports(struct html_facts *facts, struct buffer *out);
void html_cards_write_console(struct html_facts *facts, struct buffer *out);
/* html_memory.c */
/* What `mode` is about an event's guest. */
void html_memory_keep_mode(struct html_facts *facts, const json_t *event);
void html_memory_write(struct html_facts *facts, struct buffer *out);

/* html_page.c: the assets, with what is named in them put in place. */

struct html_view {
	struct html_options options;
	struct html_facts facts;
	struct html_values values;
	struct text_view *words;
	struct buffer text;	/* an event's words */
	struct buffer rows;	/* of the table for readers without JavaScript */
	size_t row_count;
	bool is_cut;		/* later events are not in the page's data */
};

void html_page_write(struct html_view *view, struct output *output);

#endif
