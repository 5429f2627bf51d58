/*
 * kvmtrace: what a program says to KVM, and what KVM does about it.
 *
 * Start-up, top to bottom: a command of our own, or the options of the tracer
 * and the trace itself.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "commands.h"
#include "cli/options.h"
#include "sink/event.h"
#include "trace.h"

#define STATUS_USAGE 2

int main(int argc, char **argv)
{
	static struct options options;
	const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;
	int error;

	if (command)
		return command_run(command, argc - 1, argv + 1);
	error = options_parse(&options, argc, argv);
	if (error)
		return error == OPTION_HELP ? 0 : STATUS_USAGE;
	log_set_quiet(options.quiet);
	if (options.version) {
		puts(EVENT_TOOL " " EVENT_VERSION);
		return 0;
	}
	return trace_run(&options);
}
