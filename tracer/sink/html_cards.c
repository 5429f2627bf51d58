/* Exits by reason, ports, and the guest's console. */
#include "sink/html_internal.h"

#define ROWS_SHOWN 40

static void add_row_end(struct buffer *out, const struct html_tally_row *row,
			uint64_t largest)
{
	buffer_add_format(out, "<td class=\"number\">%llu<td class=\"share\">"
			  "<span style=\"width:%llu%%\"></span><td>",
			  (unsigned long long)row->count,
			  (unsigned long long)(row->count * 100 / largest));
	html_add_event(out, row->first_seq);
}

static void add_rest(struct buffer *out, size_t count, uint64_t others)
{
	if (count <= ROWS_SHOWN && !others)
		return;
	buffer_add_format(out, "<p class=\"cut\">%zu more kinds are not shown.",
			  (count > ROWS_SHOWN ? count - ROWS_SHOWN : 0) +
			  (others ? 1 : 0));
}

void html_cards_write_exits(struct html_facts *facts, struct buffer *out)
{
	struct html_tally_row *rows;
	size_t count = html_tally_sort(&facts->exits, &rows), i;

	if (!count) {
		buffer_add_string(out, "<p>The guest never left: it did not "
				  "run, or never came back.");
		return;
	}
	buffer_add_string(out, "<table><thead><tr><th scope=\"col\">Reason"
			  "<th scope=\"col\" class=\"number\">Exits"
			  "<th scope=\"col\"><span class=\"unseen\">Share"
			  "</span><th scope=\"col\">First<tbody>");
	for (i = 0; i < count && i < ROWS_SHOWN; i++) {
		buffer_add_string(out, "<tr data-filter=\"exit:");
		html_add_string(out, rows[i].key);
		buffer_add_string(out, "\"><th scope=\"row\"><code>");
		html_add_string(out, rows[i].key);
		buffer_add_string(out, "</code>");
		add_row_end(out, &rows[i], rows[0].count);
	}
	buffer_add_string(out, "</table>");
	add_rest(out, count, facts->exits.others);
}

void html_cards_write_ports(struct html_facts *facts, struct buffer *out)
{
	struct html_tally_row *rows;
	size_t count = html_tally_sort(&facts->ports, &rows), i;

	if (!count) {
		buffer_add_string(out, "<p>None: the guest used no port and no "
				  "memory-mapped device that the program "
				  "handles.");
		return;
	}
	buffer_add_string(out, "<table><thead><tr><th scope=\"col\">Port or page"
			  "<th scope=\"col\" class=\"number\">Bytes"
			  "<th scope=\"col\" class=\"number\">Exits"
			  "<th scope=\"col\"><span class=\"unseen\">Share"
			  "</span><th scope=\"col\">First<tbody>");
	for (i = 0; i < count && i < ROWS_SHOWN; i++) {
		buffer_add_string(out, "<tr data-filter=\"text:");
		html_add_string(out, rows[i].key);
		buffer_add_string(out, "\"><th scope=\"row\"><code>");
		html_add_string(out, rows[i].key);
		buffer_add_string(out, "</code> ");
		html_add_string(out, rows[i].note);
		buffer_add_format(out, "<td class=\"number\">%llu",
				  (unsigned long long)rows[i].bytes);
		add_row_end(out, &rows[i], rows[0].count);
	}
	buffer_add_string(out, "</table>");
	add_rest(out, count, facts->ports.others);
}

/* Each line a link to its event; the guest's text stands alone in <bdi>. */
static void add_line(struct buffer *out, const json_t *line)
{
	uint64_t seq = 0, vm, vcpu, port;

	json_member_u64(line, "seq", &seq);
	buffer_add_format(out, "<li><a href=\"#e%llu\" title=\"event %llu",
			  (unsigned long long)seq, (unsigned long long)seq);
	if (json_member_u64(line, "port", &port))
		buffer_add_format(out, ", port 0x%llx",
				  (unsigned long long)port);
	if (json_member_u64(line, "vm", &vm) &&
	    json_member_u64(line, "vcpu", &vcpu))
		buffer_add_format(out, ", vm%llu/vcpu%llu",
				  (unsigned long long)vm,
				  (unsigned long long)vcpu);
	buffer_add_string(out, "\"><bdi>");
	html_add_json(out, json_object_get(line, "text"));
	buffer_add_string(out, "</bdi></a>");
}

void html_cards_write_console(struct html_facts *facts, struct buffer *out)
{
	size_t count = json_array_size(facts->console), i;

	if (!facts->console_lines) {
		buffer_add_string(out, "<p>Nothing: the guest printed no line "
				  "on a character port.");
		return;
	}
	buffer_add_string(out, "<ol class=\"console\" tabindex=\"0\" role=\"list\" "
			  "aria-label=\"What the guest printed\">");
	for (i = 0; i < count; i++)
		add_line(out, json_array_get(facts->console, i));
	buffer_add_string(out, "</ol>");
	if (count < facts->console_lines)
		buffer_add_format(out, "<p class=\"cut\">%llu of %llu lines: "
				  "the others are in the events.",
				  (unsigned long long)count,
				  (unsigned long long)facts->console_lines);
}
