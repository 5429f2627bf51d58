#include "cli/options.h"

#include <errno.h>
#include <string.h>

#include "abi/abi.h"
#include "base/log.h"
#include "commands.h"
#include "cli/injection_parse.h"
#include "cli/selection_option.h"

/* Linux numbers errors below this. */
#define ERRNO_END 134

static const char *const formats[] = { "jsonl", "json", "text", "raw", NULL };
static const char *const flows[] = { "full", "none", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };
const char *const options_engines[] = { "auto", "ptrace", "inprocess", NULL };

static int apply_format(const struct option_row *row, void *context,
			const char *value)
{
	struct options *options = context;
	int index = option_find_word(row, value);

	if (index < 0)
		return index;
	options->format = (enum output_format)(FORMAT_JSONL + index);
	return 0;
}

static int apply_flow(const struct option_row *row, void *context,
		      const char *value)
{
	struct options *options = context;
	int index = option_find_word(row, value);

	options->has_flow_choice = true;
	options->no_flow = index == 1;
	return index < 0 ? index : 0;
}

static int apply_max_events(const struct option_row *row, void *context,
			    const char *value)
{
	struct options *options = context;
	unsigned long long number = 0;
	int error = option_parse_number(row, value, 1, 1ull << 53, &number);

	options->max_events = number;
	return error;
}

static int apply_timeout(const struct option_row *row, void *context,
			 const char *value)
{
	struct options *options = context;

	return option_parse_seconds(row, value, 1e9, &options->timeout_s);
}

static int apply_pid(const struct option_row *row, void *context,
		     const char *value)
{
	struct options *options = context;
	unsigned long long number = 0;
	int error = option_parse_number(row, value, 1, 1 << 22, &number);

	options->attach_pid = (pid_t)number;
	return error;
}

static int refuse_another(const struct option_row *row, int most)
{
	log_error("--%s can be given %d times only", row->name, most);
	return -EINVAL;
}

static int apply_console(const struct option_row *row, void *context,
			 const char *value)
{
	struct options *options = context;
	unsigned long long number = 0;
	int error = option_parse_number(row, value, 0, 0xffff, &number);

	if (error)
		return error;
	if (options->console_port_count == CONSOLE_PORTS_MAX)
		return refuse_another(row, CONSOLE_PORTS_MAX);
	options->console_ports[options->console_port_count++] =
		(uint16_t)number;
	return 0;
}

static int apply_inject(const struct option_row *row, void *context,
			const char *value)
{
	struct options *options = context;
	char why[INJECTION_ERROR_BYTES];

	if (options->injection_count == INJECTIONS_MAX)
		return refuse_another(row, INJECTIONS_MAX);
	if (!injection_parse(value,
			     &options->injections[options->injection_count],
			     why)) {
		options->injection_count++;
		return 0;
	}
	log_error("--inject %s: %s", value, why);
	return -EINVAL;
}

static void offer_errors(struct candidates *candidates)
{
	for (int error = 1; error < ERRNO_END; error++)
		if (strerrorname_np(error))
			candidates_offer(candidates, strerrorname_np(error),
					 strerror(error));
}

/* NAME[:errno=E][:ret=N][:when=K|K+|K+S] */
void options_offer_injection(struct candidates *candidates)
{
	static const char *const keys[] = { "errno=", "ret=", "when=", NULL };
	const char *key;

	candidates_split(candidates, ":");
	key = candidates->word + candidates->kept;
	if (candidates->kept && !strncmp(key, "errno=", strlen("errno="))) {
		candidates_split(candidates, "=");
		offer_errors(candidates);
	} else if (candidates->kept) {
		candidates_offer_words(candidates, keys);
	} else {
		for (size_t i = 0; i < abi_ioctl_count; i++)
			candidates_offer(candidates, abi_ioctls[i].name, NULL);
	}
}

static const struct option_row rows[] = {
	{ 'o', "output", "FILE", "write the trace to FILE; - is standard output",
	  OPTION_TEXT(options, output), candidates_ask_files },
	{ 0, "format", "FORMAT", "jsonl, json, text, or raw records (default: "
	  "text on a terminal, otherwise jsonl)", apply_format, 0, formats, NULL },
	{ 0, "flow", "full|none", "the six steps of each call; in text, full "
	  "shows them for every call", apply_flow, 0, flows, NULL },
	{ 0, "color", "WHEN", "auto, always or never; auto heeds NO_COLOR",
	  OPTION_WORD(options, colour, colours) },
	{ 'v', "verbose", NULL, "text: whole arrays, however long; and at the end, how many "
	  "calls were taken which way, and why", OPTION_FLAG(options, verbose) },
	{ 0, "long-arrays", NULL, "text: whole arrays, however long",
	  OPTION_FLAG(options, long_arrays) },
	{ 0, "only", "LIST", "only these ioctls, exit reasons, kinds of "
	  "descriptor or types of line", OPTION_SELECTION(options, selection.only) },
	{ 0, "skip", "LIST", "all but these", OPTION_SELECTION(options, selection.skip) },
	{ 0, "max-events", "N", "keep N lines; count what comes after",
	  apply_max_events, 0, NULL, NULL },
	{ 0, "timeout", "SECONDS", "end the program after this time",
	  apply_timeout, 0, NULL, NULL },
	{ 0, "console", "PORT", "a port with guest text beside 0xe9 and 0x3f8",
	  apply_console, 0, NULL, NULL },
	{ 0, "inject", "CALL", "NAME[:errno=E][:ret=N][:when=K|K+|K+S]: the tracer "
	  "answers in the kernel's place", apply_inject, 0, NULL, options_offer_injection },
	{ 'p', "attach", "PID", "attach to a running process; Ctrl-C detaches",
	  apply_pid, 0, NULL, candidates_ask_processes },
	{ 0, "engine", "ENGINE", "auto, ptrace or inprocess: auto (default) takes calls within "
	  "the program where it can, by ptrace where not; inprocess refuses where that can't "
	  "work at all", OPTION_WORD(options, engine, options_engines) },
	{ 0, "replay", "FILE", "decode raw records instead of running a program",
	  OPTION_TEXT(options, replay), candidates_ask_files },
	{ 'c', "summary", NULL, "counts and times on standard error at the end, in "
	  "place of the trace when no -o is given", OPTION_FLAG(options, summary) },
	{ 'q', "quiet", NULL, "no remarks of kvmtrace's own", OPTION_FLAG(options, quiet) },
	{ 0, "version", NULL, "the version", OPTION_FLAG(options, version) },
};

const struct option_table options_table = {
	.command = "kvmtrace",
	.synopsis = "[OPTIONS] [--] PROGRAM [ARGS...]\n"
		    "[OPTIONS] -p PID\n"
		    "COMMAND ...",
	.about = "Shows every call that PROGRAM makes to KVM, decoded, on its way from the "
		 "program through the kernel to the device and back.",
	OPTION_ROWS(rows),
	.status = "The program's exit status is kvmtrace's; 125: kvmtrace failed, 126: not "
		  "executable, 127: not found, 2: bad usage.",
	.has_program = true,
	.print_more = commands_print_help,
};

/* What was asked for must fit together. */
static int check(const struct options *options)
{
	int sources = (options->program != NULL) + (options->attach_pid != 0) +
		      (options->replay != NULL);

	if (options->version)
		return 0;
	if (options->summary && options->format == FORMAT_RAW) {
		log_error("-c counts decoded events: it doesn't go with "
			  "--format raw");
		return -EINVAL;
	}
	if (sources == 1)
		return 0;
	if (!sources)
		log_error("no program given; try: kvmtrace ./hv --long");
	else
		log_error("give one of a program, -p PID and --replay FILE, "
			  "not several");
	return -EINVAL;
}

int options_parse(struct options *options, int argc, char **argv)
{
	int first = argc;
	int error = option_table_parse(&options_table, options, argc, argv,
				       &first);

	if (error)
		return error;
	if (first < argc) {
		options->program = argv + first;
		options->program_argc = argc - first;
	}
	return check(options);
}
