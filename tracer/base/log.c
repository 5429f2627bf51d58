#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static bool log_is_quiet;

void log_set_quiet(bool quiet)
{
	log_is_quiet = quiet;
}

/* One write for the whole line, so that lines of others don't mix into it. */
static void say(const char *level, const char *format, va_list arguments)
{
	char text[1024];

	vsnprintf(text, sizeof(text), format, arguments);
	fprintf(stderr, "kvmtrace: %s%s\n", level, text);
	fflush(stderr);
}

void log_info(const char *format, ...)
{
	va_list arguments;

	if (log_is_quiet)
		return;
	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
}

void log_warning(const char *format, ...)
{
	va_list arguments;

	if (log_is_quiet)
		return;
	va_start(arguments, format);
	say("warning: ", format, arguments);
	va_end(arguments);
}

void log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
}

void log_die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("internal error: ", format, arguments);
	va_end(arguments);
	abort();
}
