/*
 * What kvmtrace itself says to people: one sentence on standard error behind
 * "kvmtrace: ". Only the top layer reports trouble with log_error(); lower
 * layers return -errno. The quiet switch is the one global of the program.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

/* With quiet on, log_info() and log_warning() say nothing. */
void log_set_quiet(bool quiet);

void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Our own bug, or no memory: say so and abort. */
void log_die(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#endif
