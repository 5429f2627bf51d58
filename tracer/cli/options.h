/* The tracer's command line (option_table.h). */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/injection.h"
#include "cli/option_table.h"
#include "selection.h"

struct capture_bounds;

enum output_format {
	FORMAT_AUTO,
	FORMAT_JSONL,
	FORMAT_JSON,
	FORMAT_TEXT,
	FORMAT_RAW,
};

enum engine_choice {
	ENGINE_AUTO,	/* in the process where it works, else by ptrace */
	ENGINE_PTRACE,
	ENGINE_INPROCESS,	/* or not at all */
};

enum colour_choice {
	COLOUR_AUTO,
	COLOUR_ALWAYS,
	COLOUR_NEVER,
};

/* The words for them on the command line, in that order; NULL at the end. */
extern const char *const options_engines[];

#define CONSOLE_PORTS_MAX 64
#define INJECTIONS_MAX 64

struct options {
	const char *output;	/* NULL: by where standard output goes; "-" */
	enum output_format format;
	enum colour_choice colour;
	enum engine_choice engine;
	bool has_flow_choice;
	bool no_flow;
	bool verbose;		/* whole arrays; at the end, how calls were taken */
	bool long_arrays;
	bool quiet;
	bool summary;		/* counts and times at the end */
	bool version;
	uint64_t max_events;
	double timeout_s;
	pid_t attach_pid;
	const char *replay;	/* a file of raw records instead of a program */
	struct selection selection;
	uint16_t console_ports[CONSOLE_PORTS_MAX];
	size_t console_port_count;
	struct injection injections[INJECTIONS_MAX];
	size_t injection_count;
	/* Not from the command line: `kvmtrace grade` sets it. */
	const struct capture_bounds *bounds;
	char **program;		/* NULL-terminated; NULL: none given */
	int program_argc;
};

extern const struct option_table options_table;

/* 0; -errno when it is wrong: a sentence has gone to standard error;
 * OPTION_HELP: it asked for the help, which was printed. */
int options_parse(struct options *options, int argc, char **argv);

/* What --inject takes: its names, and those behind the colons. */
candidates_source options_offer_injection;

#endif
