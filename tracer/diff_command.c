#include "diff_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "abi/abi.h"
#include "base/log.h"
#include "compare/diff_output.h"
#include "compare/rules.h"

#define STATUS_TROUBLE 2

static const char *const formats[] = { "text", "json", NULL };

struct diff_options {
	struct compare_options compare;
	enum { DIFF_TEXT, DIFF_JSON } format;
	const char *expected, *actual;
};

static void offer_ignored(struct candidates *candidates)
{
	candidates_split(candidates, ",");
	for (size_t i = 0; i < abi_ioctl_count; i++)
		candidates_offer(candidates, abi_ioctls[i].name, NULL);
	for (size_t i = 0; i < abi_exit_count; i++)
		candidates_offer(candidates, abi_exits[i].name,
				 abi_exits[i].meaning);
}

static void offer_classes(struct candidates *candidates)
{
	candidates_split(candidates, ",");
	for (size_t i = 0; rules_class_name(i); i++)
		candidates_offer(candidates, rules_class_name(i), NULL);
}

static const struct option_row rows[] = {
	{ 0, "format", "FORMAT", "text or json (default: text)",
	  OPTION_WORD(diff_options, format, formats) },
	{ 0, "ignore", "LIST", "leave out calls, exits and types of line by name (close, "
	  "KVM_EXIT_INTR,console), values by path (.in.cr4, .guest, KVM_SET_REGS.in.rip), "
	  "everywhere and all that is in them", OPTION_TEXT(diff_options, compare.ignore),
	  offer_ignored },
	{ 0, "unmask", "LIST", "compare these too: capabilities, cpuid, msrs, mmap-size, time, "
	  "host, guest-code", OPTION_TEXT(diff_options, compare.unmask), offer_classes },
	{ 0, "global-order", NULL, "order counts across vCPUs and threads too",
	  OPTION_FLAG(diff_options, compare.is_global_order) },
};

const struct option_table diff_table = {
	.command = "kvmtrace diff",
	.synopsis = "[OPTIONS] EXPECTED ACTUAL",
	.about = "Says what differs in meaning between two recorded traces, each difference "
		 "once. One of them may be - (standard input). What varies from run to run "
		 "is masked: process ids, descriptors, addresses, times, callers; and what "
		 "the host decides.",
	OPTION_ROWS(rows),
	.status = "Exit status: 0 the same, 1 different, 2 trouble, or a trace is incomplete.",
	.least = 2, .most = 2, .takes = "two traces",
	.offer = candidates_ask_files,
};

static void warn_of_numbers(const struct compared_trace *trace)
{
	if (trace->is_renumbered)
		log_warning("in %s, seq doesn't count the lines: it was "
			    "edited, or cut out of another", trace->path);
}

static int print(const struct comparison *comparison, bool is_json)
{
	struct buffer out = BUFFER_EMPTY;
	bool is_whole;

	if (is_json)
		diff_write_json(&out, comparison);
	else
		diff_write_text(&out, comparison);
	is_whole = fwrite(out.data, 1, out.length, stdout) == out.length &&
		   !fflush(stdout);
	buffer_free(&out);
	if (!is_whole)
		log_error("cannot write the result: %s", strerror(errno));
	return is_whole ? 0 : -EIO;
}

static int compare(const struct diff_options *options)
{
	struct comparison *comparison = comparison_new(&options->compare);
	int status = STATUS_TROUBLE;

	if (comparison_run(comparison, options->expected, options->actual)) {
		log_error("%s", buffer_string(&comparison->error));
	} else {
		warn_of_numbers(&comparison->expected);
		warn_of_numbers(&comparison->actual);
		if (!print(comparison, options->format == DIFF_JSON))
			status = (int)comparison->verdict;
	}
	comparison_free(comparison);
	return status;
}

int diff_run(int argc, char **argv)
{
	struct diff_options options = { .format = DIFF_TEXT };
	int first = argc;
	int error = option_table_parse(&diff_table, &options, argc, argv,
				       &first);

	if (error)
		return error == OPTION_HELP ? 0 : STATUS_TROUBLE;
	options.expected = argv[first];
	options.actual = argv[first + 1];
	return compare(&options);
}
