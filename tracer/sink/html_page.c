/*
 * page.html with each {{name}} in it replaced by what the table says: another
 * of our files, or what was made from the trace.
 */
#include "sink/html_internal.h"

#define ASSET(name) \
	extern const char html_##name##_start[], html_##name##_end[]

ASSET(page);
ASSET(style);
ASSET(dom);
ASSET(store);
ASSET(words);
ASSET(filter);
ASSET(table);
ASSET(flow);
ASSET(diagram);
ASSET(timeline);
ASSET(guest);
ASSET(detail);
ASSET(main);

/* A script each: they share their top-level names, as classic scripts do. */
static const struct {
	const char *start, *end;
} scripts[] = {
	{ html_dom_start, html_dom_end },
	{ html_store_start, html_store_end },
	{ html_words_start, html_words_end },
	{ html_filter_start, html_filter_end },
	{ html_table_start, html_table_end },
	{ html_flow_start, html_flow_end },
	{ html_diagram_start, html_diagram_end },
	{ html_timeline_start, html_timeline_end },
	{ html_guest_start, html_guest_end },
	{ html_detail_start, html_detail_end },
	{ html_main_start, html_main_end },
};

static void write_style(struct html_view *view, struct buffer *out)
{
	(void)view;
	buffer_add(out, html_style_start,
		   (size_t)(html_style_end - html_style_start));
}

static void write_scripts(struct html_view *view, struct buffer *out)
{
	(void)view;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		buffer_add_string(out, "<script>\n");
		buffer_add(out, scripts[i].start,
			   (size_t)(scripts[i].end - scripts[i].start));
		buffer_add_string(out, "</script>\n");
	}
}

static void write_title(struct html_view *view, struct buffer *out)
{
	html_story_write_title(&view->facts, out);
}

static void write_facts(struct html_view *view, struct buffer *out)
{
	html_story_write_facts(&view->facts, out);
}

static void write_story(struct html_view *view, struct buffer *out)
{
	html_story_write(&view->facts, out);
}

static void add_cut_notice(const struct html_view *view, struct buffer *out)
{
	buffer_add_string(out, "<p class=\"notice\" id=\"page-cut\">"
			  "<b>This page is cut.</b> It shows the first ");
	html_add_count(out, view->values.events, "event");
	buffer_add_format(out, " of %llu; only the summary is of all of them. "
			  "Record less with <code>kvmtrace --only LIST</code> "
			  "or <code>--skip LIST</code> (ioctls, kinds of "
			  "descriptor, exit reasons), or read the whole trace "
			  "with <code>kvmtrace view --format text</code>.\n",
			  (unsigned long long)view->facts.events);
}

static void write_notices(struct html_view *view, struct buffer *out)
{
	const json_t *end = view->facts.end;
	uint64_t dropped = 0;

	if (view->is_cut)
		add_cut_notice(view, out);
	if (!end)
		buffer_add_string(out, "<p class=\"notice\"><b>The trace is "
				  "incomplete:</b> it has no end, because "
				  "kvmtrace was killed, or still runs, or the "
				  "disk was full.\n");
	json_member_u64(end, "dropped", &dropped);
	if (json_member_is_true(end, "truncated") || dropped)
		buffer_add_format(out, "<p class=\"notice\"><b>The trace is "
				  "truncated:</b> a limit was reached, and "
				  "%llu events were left out.\n",
				  (unsigned long long)dropped);
}

static void write_findings(struct html_view *view, struct buffer *out)
{
	html_findings_write(&view->facts, out);
}

static void write_exits(struct html_view *view, struct buffer *out)
{
	html_cards_write_exits(&view->facts, out);
}

static void write_ports(struct html_view *view, struct buffer *out)
{
	html_cards_write_ports(&view->facts, out);
}

static void write_console(struct html_view *view, struct buffer *out)
{
	html_cards_write_console(&view->facts, out);
}

static void write_memory(struct html_view *view, struct buffer *out)
{
	html_memory_write(&view->facts, out);
}

static void write_mode(struct html_view *view, struct buffer *out)
{
	const struct buffer *mode = &view->facts.mode;

	if (mode->length)
		buffer_add(out, mode->data, mode->length);
	else
		buffer_add_string(out, "<p>Not known: the trace doesn't show "
				  "registers being set before the guest ran.");
}

/* Only readers without JavaScript have these. */
static void write_rows(struct html_view *view, struct buffer *out)
{
	buffer_add_string(out, "<p>Without JavaScript this page shows the ");
	if (view->row_count < view->facts.events)
		buffer_add_format(out, "first %zu of %llu", view->row_count,
				  (unsigned long long)view->facts.events);
	else
		buffer_add_format(out, "%zu", view->row_count);
	buffer_add_string(out, " events as a plain table. <code>kvmtrace view "
			  "--format text</code> prints all of them.</p>\n");
	buffer_add_string(out, "<table class=\"plain\"><thead><tr>"
			  "<th scope=\"col\">Event<th scope=\"col\">Time (ms)"
			  "<th scope=\"col\">On<th scope=\"col\">What"
			  "<tbody>\n");
	buffer_add(out, view->rows.data, view->rows.length);
	buffer_add_string(out, "</table>\n");
}

static void write_data(const char *id, const struct buffer *text,
		       struct buffer *out)
{
	buffer_add_format(out, "<script type=\"application/json\" id=\"%s\">[",
			  id);
	buffer_add(out, text->data, text->length);
	buffer_add_string(out, "]</script>\n");
}

static void write_values(struct html_view *view, struct buffer *out)
{
	write_data("shapes", &view->values.shapes.text, out);
	write_data("nodes", &view->values.nodes.text, out);
	write_data("rows", &view->values.rows, out);
}

static const struct part {
	const char *name;
	void (*write)(struct html_view *view, struct buffer *out);
} parts[] = {
	{ "title", write_title },
	{ "style", write_style },
	{ "facts", write_facts },
	{ "story", write_story },
	{ "notices", write_notices },
	{ "findings", write_findings },
	{ "exits", write_exits },
	{ "ports", write_ports },
	{ "console", write_console },
	{ "memory", write_memory },
	{ "mode", write_mode },
	{ "rows", write_rows },
	{ "values", write_values },
	{ "scripts", write_scripts },
};

static const struct part *find_part(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strlen(parts[i].name) == length &&
		    !memcmp(parts[i].name, name, length))
			return &parts[i];
	return NULL;
}

void html_page_write(struct html_view *view, struct output *output)
{
	const char *at = html_page_start, *open, *close;
	size_t left = (size_t)(html_page_end - html_page_start);
	struct buffer out = BUFFER_EMPTY;
	const struct part *part;

	while ((open = memmem(at, left, "{{", 2)) &&
	       (close = memmem(open, left - (size_t)(open - at), "}}", 2))) {
		buffer_add(&out, at, (size_t)(open - at));
		part = find_part(open + 2, (size_t)(close - open) - 2);
		if (part)
			part->write(view, &out);
		output_write(output, out.data, out.length);
		buffer_reset(&out);
		left -= (size_t)(close + 2 - at);
		at = close + 2;
	}
	output_write(output, at, left);
	buffer_free(&out);
}
