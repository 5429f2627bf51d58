/* The command line of `kvmtrace view`. */
#ifndef VIEW_OPTIONS_H
#define VIEW_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"
#include "selection.h"
#include "sink/text.h"

struct view_format;

struct view_options {
	const char *trace;
	const char *output;	/* NULL: standard output */
	const struct view_format *format;
	enum colour_choice colour;
	struct text_options text;	/* all but its colour */
	bool has_flow;		/* the steps of each call, among arguments */
	struct selection selection;
	size_t max_events;	/* of html; 0: its own limit */
	bool is_following, has_no_pager;
};

extern const struct option_table view_table;

/* As option_table_parse(). */
int view_options_parse(struct view_options *options, int argc, char **argv);

#endif
