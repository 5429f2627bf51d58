#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"
#include "injection_parse.h"

struct option_row {
	char letter;		/* 0: only the long form */
	const char *name;
	const char *argument;	/* NULL: takes none */
	const char *help;
	int (*apply)(struct options *options, const char *value);
};

/* Which of the words is it? -EINVAL with a sentence when none. */
static int find_word(const char *option, const char *value,
		     const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], value))
			return (int)i;
	log_error("--%s takes %s, not '%s'", option,
		  !strcmp(option, "format") ? "jsonl, json, text or raw" :
		  !strcmp(option, "flow") ? "full or none" :
		  !strcmp(option, "color") ? "auto, always or never" :
		  "auto, ptrace or inprocess", value);
	return -EINVAL;
}

static int apply_output(struct options *options, const char *value)
{
	options->output = value;
	return 0;
}

static int apply_format(struct options *options, const char *value)
{
	static const char *const words[] = { "jsonl", "json", "text", "raw" };
	int index = find_word("format", value, words, 4);

	if (index < 0)
		return index;
	options->format = (enum output_format)(FORMAT_JSONL + index);
	return 0;
}

static int apply_flow(struct options *options, const char *value)
{
	static const char *const words[] = { "full", "none" };
	int index = find_word("flow", value, words, 2);

	options->has_flow_choice = true;
	options->no_flow = index == 1;
	return index < 0 ? index : 0;
}

static int apply_colour(struct options *options, const char *value)
{
	static const char *const words[] = { "auto", "always", "never" };
	int index = find_word("color", value, words, 3);

	options->colour = (enum colour_choice)index;
	return index < 0 ? index : 0;
}

static int apply_engine(struct options *options, const char *value)
{
	static const char *const words[] = { "auto", "ptrace", "inprocess" };
	int index = find_word("engine", value, words, 3);

	(void)options;
	if (index < 2)
		return index < 0 ? index : 0;
	log_error("this version has no in-process engine; use --engine ptrace");
	return -EINVAL;
}

static int apply_list(struct selection_list *list, const char *option,
		      const char *value)
{
	char unknown[64];
	const char *nearest = NULL;

	if (!selection_parse(list, value, unknown, &nearest))
		return 0;
	if (nearest)
		log_error("--%s does not know '%s': did you mean %s?", option,
			  unknown, nearest);
	else
		log_error("--%s does not know '%s': it takes names of ioctls, "
			  "exits, kinds of descriptor and types of line",
			  option, unknown);
	return -EINVAL;
}

static int apply_only(struct options *options, const char *value)
{
	return apply_list(&options->selection.only, "only", value);
}

static int apply_skip(struct options *options, const char *value)
{
	return apply_list(&options->selection.skip, "skip", value);
}

/* A whole number from `least` to `most`; decimal, or hex behind 0x. */
static int parse_number(const char *option, const char *value,
			unsigned long long least, unsigned long long most,
			unsigned long long *ret_number)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(value, &end, 0);
	if (errno || *end || end == value || *value == '-' ||
	    number < least || number > most) {
		log_error("%s takes a number from %llu to %llu, not '%s'",
			  option, least, most, value);
		return -EINVAL;
	}
	*ret_number = number;
	return 0;
}

static int apply_max_events(struct options *options, const char *value)
{
	unsigned long long number = 0;
	int error = parse_number("--max-events", value, 1, 1ull << 53,
				 &number);

	options->max_events = number;
	return error;
}

static int apply_timeout(struct options *options, const char *value)
{
	char *end;

	options->timeout_s = strtod(value, &end);
	if (!*end && end != value && isfinite(options->timeout_s) &&
	    options->timeout_s > 0 && options->timeout_s <= 1e9)
		return 0;
	log_error("--timeout takes a number of seconds above 0, not '%s'",
		  value);
	return -EINVAL;
}

static int apply_pid(struct options *options, const char *value)
{
	unsigned long long number = 0;
	int error = parse_number("-p", value, 1, 1 << 22, &number);

	options->attach_pid = (pid_t)number;
	return error;
}

static int apply_console(struct options *options, const char *value)
{
	unsigned long long number = 0;
	int error = parse_number("--console", value, 0, 0xffff, &number);

	if (error)
		return error;
	if (options->console_port_count == CONSOLE_PORTS_MAX) {
		log_error("--console can be given %d times only",
			  CONSOLE_PORTS_MAX);
		return -EINVAL;
	}
	options->console_ports[options->console_port_count++] =
		(uint16_t)number;
	return 0;
}

static int apply_inject(struct options *options, const char *value)
{
	char why[INJECTION_ERROR_BYTES];

	if (options->injection_count == INJECTIONS_MAX) {
		log_error("--inject can be given %d times only",
			  INJECTIONS_MAX);
		return -EINVAL;
	}
	if (!injection_parse(value,
			     &options->injections[options->injection_count],
			     why)) {
		options->injection_count++;
		return 0;
	}
	log_error("--inject %s: %s", value, why);
	return -EINVAL;
}

static int apply_replay(struct options *options, const char *value)
{
	options->replay = value;
	return 0;
}

static int apply_long_arrays(struct options *options, const char *value)
{
	(void)value;
	options->long_arrays = true;
	return 0;
}

static int apply_quiet(struct options *options, const char *value)
{
	(void)value;
	options->quiet = true;
	return 0;
}

static int apply_help(struct options *options, const char *value)
{
	(void)value;
	options->help = true;
	return 0;
}

static int apply_version(struct options *options, const char *value)
{
	(void)value;
	options->version = true;
	return 0;
}

static const struct option_row rows[] = {
	{ 'o', "output", "FILE", "write the trace to FILE; - is standard output",
	  apply_output },
	{ 0, "format", "FORMAT", "jsonl, json, text, or raw records (default: "
	  "text on a terminal, otherwise jsonl)", apply_format },
	{ 0, "flow", "full|none", "the six steps of each call; in text, full "
	  "shows them for every call", apply_flow },
	{ 0, "color", "WHEN", "auto, always or never; auto heeds NO_COLOR",
	  apply_colour },
	{ 'v', "long-arrays", NULL, "text: whole arrays, however long",
	  apply_long_arrays },
	{ 0, "only", "LIST", "only these ioctls, exit reasons, kinds of "
	  "descriptor or types of line", apply_only },
	{ 0, "skip", "LIST", "all but these", apply_skip },
	{ 0, "max-events", "N", "keep N lines; count what comes after",
	  apply_max_events },
	{ 0, "timeout", "SECONDS", "end the program after this time",
	  apply_timeout },
	{ 0, "console", "PORT", "a port with guest text beside 0xe9 and 0x3f8",
	  apply_console },
	{ 0, "inject", "CALL", "NAME[:errno=E][:ret=N][:when=K|K+|K+S]: the tracer "
	  "answers in the kernel's place", apply_inject },
	{ 'p', "attach", "PID", "attach to a running process; Ctrl-C detaches",
	  apply_pid },
	{ 0, "engine", "ENGINE", "auto, ptrace or inprocess", apply_engine },
	{ 0, "replay", "FILE", "decode raw records instead of running a program",
	  apply_replay },
	{ 'q', "quiet", NULL, "no remarks of kvmtrace's own", apply_quiet },
	{ 'h', "help", NULL, "this help", apply_help },
	{ 0, "version", NULL, "the version", apply_version },
};

#define HELP_INDENT 28
#define HELP_WIDTH 79

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))
/* getopt_long() returns this plus the row for options without a letter. */
#define LONG_BASE 1000

static void build_getopt(char letters[2 * ROW_COUNT + 3],
			 struct option longs[ROW_COUNT + 1])
{
	char *end = letters;

	*end++ = '+';		/* stop at the program's name */
	*end++ = ':';
	for (size_t i = 0; i < ROW_COUNT; i++) {
		longs[i] = (struct option){ rows[i].name, rows[i].argument ?
					    required_argument : no_argument,
					    NULL, LONG_BASE + (int)i };
		if (!rows[i].letter)
			continue;
		*end++ = rows[i].letter;
		if (rows[i].argument)
			*end++ = ':';
	}
	*end = '\0';
	longs[ROW_COUNT] = (struct option){ 0 };
}

static const struct option_row *find_row(int found)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (found == LONG_BASE + (int)i ||
		    (rows[i].letter && found == rows[i].letter))
			return &rows[i];
	return NULL;
}

/* What getopt refused: argv[optind - 1], or the letter in optopt. */
static int refuse(char **argv, int found)
{
	const char *word = argv[optind - 1];
	struct nearest nearest;

	if (found == ':') {
		log_error("option '%s' needs an argument; see kvmtrace --help",
			  word);
		return -EINVAL;
	}
	if (optopt && strncmp(word, "--", 2)) {
		log_error("unknown option '-%c'; see kvmtrace --help", optopt);
		return -EINVAL;
	}
	nearest = nearest_to(word + 2);
	for (size_t i = 0; i < ROW_COUNT; i++)
		nearest_offer(&nearest, rows[i].name);
	if (nearest.best)
		log_error("unknown option '%s': did you mean --%s?", word,
			  nearest.best);
	else
		log_error("unknown option '%s'; see kvmtrace --help", word);
	return -EINVAL;
}

/* What was asked for must fit together. */
static int check(const struct options *options)
{
	int sources = (options->program != NULL) + (options->attach_pid != 0) +
		      (options->replay != NULL);

	if (options->help || options->version)
		return 0;
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
	struct option longs[ROW_COUNT + 1];
	char letters[2 * ROW_COUNT + 3];
	int found;

	build_getopt(letters, longs);
	opterr = 0;
	while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_row *row = find_row(found);
		int error = row ? row->apply(options, optarg)
				: refuse(argv, found);

		if (error)
			return error;
	}
	if (optind < argc) {
		options->program = argv + optind;
		options->program_argc = argc - optind;
	}
	return check(options);
}

/* Words in columns HELP_INDENT to HELP_WIDTH. */
static void print_wrapped(FILE *file, const char *text)
{
	int column = HELP_INDENT;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column > HELP_INDENT && column + 1 + length > HELP_WIDTH) {
			fprintf(file, "\n%*s", HELP_INDENT, "");
			column = HELP_INDENT;
		}
		column += fprintf(file, "%s%.*s",
				  column > HELP_INDENT ? " " : "", length,
				  text);
		text += length;
		text += *text == ' ';
	}
	fputc('\n', file);
}

static void print_row(FILE *file, const struct option_row *row)
{
	char name[40];

	snprintf(name, sizeof(name), "--%s%s%s", row->name,
		 row->argument ? " " : "", row->argument ? row->argument : "");
	fprintf(file, "  %c%c%c %-21s ", row->letter ? '-' : ' ',
		row->letter ? row->letter : ' ', row->letter ? ',' : ' ',
		name);
	print_wrapped(file, row->help);
}

void options_print_help(FILE *file)
{
	fprintf(file,
		"usage: kvmtrace [OPTIONS] [--] PROGRAM [ARGS...]\n"
		"       kvmtrace [OPTIONS] -p PID\n"
		"       kvmtrace COMMAND ...\n\n"
		"Shows every call that PROGRAM makes to KVM, decoded, on its "
		"way from the\nprogram through the kernel to the device and "
		"back.\n\noptions:\n");
	for (size_t i = 0; i < ROW_COUNT; i++)
		print_row(file, &rows[i]);
	fprintf(file,
		"\nThe program's exit status is kvmtrace's; 125: kvmtrace "
		"failed, 126: not\nexecutable, 127: not found, 2: bad usage.\n");
}
