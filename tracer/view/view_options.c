#include "view/view_options.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "cli/selection_option.h"
#include "view/view_formats.h"

static const char *const formats[] = { "text", "html", "perfetto", "chrome",
				       "json", "jsonl", NULL };
static const char *const flows[] = { "full", "none", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };

static int apply_format(const struct option_row *row, void *context,
			const char *value)
{
	struct view_options *options = context;
	int index = option_find_word(row, value);

	if (index < 0)
		return index;
	options->format = view_format_find(value);
	return 0;
}

static int apply_output(const struct option_row *row, void *context,
			const char *value)
{
	struct view_options *options = context;

	(void)row;
	options->output = strcmp(value, "-") ? value : NULL;
	options->has_no_pager = true;
	return 0;
}

static int apply_flow(const struct option_row *row, void *context,
		      const char *value)
{
	struct view_options *options = context;
	int index = option_find_word(row, value);

	options->has_flow = !index;
	options->text.flow = !index ? TEXT_FLOW_FULL : TEXT_FLOW_NONE;
	return index < 0 ? index : 0;
}

static int apply_width(const struct option_row *row, void *context,
		       const char *value)
{
	struct view_options *options = context;
	unsigned long long width = 0;
	int error = option_parse_number(row, value, 60, 10000, &width);

	options->text.width = (unsigned int)width;
	return error;
}

static int apply_no_fold(const struct option_row *row, void *context,
			 const char *value)
{
	struct view_options *options = context;

	(void)row;
	(void)value;
	options->text.fold = false;
	return 0;
}

static int apply_max_events(const struct option_row *row, void *context,
			    const char *value)
{
	struct view_options *options = context;
	unsigned long long number = 0;
	int error = option_parse_number(row, value, 1, 1ull << 32, &number);

	options->max_events = number;
	return error;
}

static const struct option_row rows[] = {
	{ 0, "format", "FORMAT", "text, html, perfetto, chrome, json or jsonl (default: text)",
	  apply_format, 0, formats, NULL },
	{ 'o', "output", "FILE", "write to FILE; - is standard output",
	  apply_output, 0, NULL, candidates_ask_files },
	{ 0, "only", "LIST", "only these ioctls, exit reasons, kinds of "
	  "descriptor or types of line", OPTION_SELECTION(view_options, selection.only) },
	{ 0, "skip", "LIST", "all but these", OPTION_SELECTION(view_options, selection.skip) },
	{ 0, "follow", NULL, "go on as the file grows, to its trace_end or Ctrl-C (text, json, "
	  "jsonl)", OPTION_FLAG(view_options, is_following) },
	{ 0, "no-pager", NULL, "don't show it by $KVMTRACE_PAGER, $PAGER or less",
	  OPTION_FLAG(view_options, has_no_pager) },
	{ .help = "of text" },
	{ 0, "width", "COLUMNS", "(default: the terminal's, otherwise 100)",
	  apply_width, 0, NULL, NULL },
	{ 0, "no-fold", NULL, "every KVM_RUN in a line of its own", apply_no_fold, 0, NULL, NULL },
	{ 0, "flow", "full|none", "the six steps of each call, or of none; with perfetto and "
	  "chrome, full puts them among the arguments", apply_flow, 0, flows, NULL },
	{ 0, "color", "WHEN", "auto, always or never; auto heeds NO_COLOR",
	  OPTION_WORD(view_options, colour, colours) },
	{ 'v', "long-arrays", NULL, "whole arrays, however long",
	  OPTION_FLAG(view_options, text.long_arrays) },
	{ .help = "of html" },
	{ 0, "max-events", "N", "events in the page (default: 100000)",
	  apply_max_events, 0, NULL, NULL },
};

const struct option_table view_table = {
	.command = "kvmtrace view",
	.synopsis = "[OPTIONS] TRACE",
	.about = "Shows a recorded trace, or converts it. TRACE may be - (standard input).",
	OPTION_ROWS(rows),
	.status = "With --only or --skip, json and jsonl number the lines anew, so that they are "
		  "a trace; the others keep the trace's numbers.\n\n"
		  "Exit status: 0 fine, 2 trouble, or the trace is incomplete.",
	.least = 1, .most = 1, .takes = "one trace",
	.offer = candidates_ask_files,
};

int view_options_parse(struct view_options *options, int argc, char **argv)
{
	int first = argc, error;

	options->format = view_format_find("text");
	options->text.fold = true;
	error = option_table_parse(&view_table, options, argc, argv, &first);
	if (error)
		return error;
	options->trace = argv[first];
	if (!options->is_following || options->format->is_streamed)
		return 0;
	log_error("--follow goes with text, json and jsonl: a document of "
		  "another format is whole only at the end");
	return -EINVAL;
}
