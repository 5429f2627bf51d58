#include "diff_command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "compare/diff_output.h"

#define STATUS_TROUBLE 2

struct diff_options {
	struct compare_options compare;
	bool is_json;
	bool help;
	const char *expected, *actual;
};

static const char usage[] =
	"usage: kvmtrace diff [OPTIONS] EXPECTED ACTUAL\n\n"
	"Says what differs in meaning between two recorded traces, each "
	"difference once.\nOne of them may be - (standard input). What varies "
	"from run to run is masked:\nprocess ids, descriptors, addresses, "
	"times, callers; and what the host decides.\n\n"
	"  --format FORMAT      text or json (default: text)\n"
	"  --ignore LIST        leave out calls, exits and types of line by "
	"name (close,\n                       KVM_EXIT_INTR,console), values "
	"by path (.in.cr4, .guest,\n                       "
	"KVM_SET_REGS.in.rip), everywhere and all that is in them\n"
	"  --unmask LIST        compare these too: capabilities, cpuid, msrs, "
	"mmap-size,\n                       time, host, guest-code\n"
	"  --global-order       order counts across vCPUs and threads too\n"
	"  -h, --help           this help\n\n"
	"Exit status: 0 the same, 1 different, 2 trouble, or a trace is "
	"incomplete.\n";

static int apply_format(struct diff_options *options, const char *format)
{
	options->is_json = !strcmp(format, "json");
	if (options->is_json || !strcmp(format, "text"))
		return 0;
	log_error("--format takes text or json, not '%s'", format);
	return -EINVAL;
}

static int apply(struct diff_options *options, int letter)
{
	switch (letter) {
	case 'f':
		return apply_format(options, optarg);
	case 'i':
		options->compare.ignore = optarg;
		return 0;
	case 'u':
		options->compare.unmask = optarg;
		return 0;
	case 'g':
		options->compare.is_global_order = true;
		return 0;
	case 'h':
		options->help = true;
		return 0;
	default:
		log_error("diff does not know '%s', or it needs an argument; "
			  "see kvmtrace diff --help", optarg);
		return -EINVAL;
	}
}

static int parse(struct diff_options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "ignore", required_argument, NULL, 'i' },
		{ "unmask", required_argument, NULL, 'u' },
		{ "global-order", no_argument, NULL, 'g' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int letter, r;

	optind = 1;
	opterr = 0;
	while ((letter = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (letter == '?')
			optarg = argv[optind - 1];
		r = apply(options, letter);
		if (r)
			return r;
	}
	if (options->help)
		return 0;
	if (argc - optind == 2) {
		options->expected = argv[optind];
		options->actual = argv[optind + 1];
		return 0;
	}
	log_error("diff takes two traces: kvmtrace diff EXPECTED ACTUAL");
	return -EINVAL;
}

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
		if (!print(comparison, options->is_json))
			status = (int)comparison->verdict;
	}
	comparison_free(comparison);
	return status;
}

int diff_run(int argc, char **argv)
{
	struct diff_options options = { .help = false };

	if (parse(&options, argc, argv))
		return STATUS_TROUBLE;
	if (!options.help)
		return compare(&options);
	fputs(usage, stdout);
	return fflush(stdout) ? STATUS_TROUBLE : 0;
}
