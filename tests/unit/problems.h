/* Counting what is wrong with a table, so that all of it is printed. */
#ifndef TESTS_UNIT_PROBLEMS_H
#define TESTS_UNIT_PROBLEMS_H

#include <stdarg.h>
#include <stdio.h>

static unsigned int problems;

static inline void problem(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static inline void problem(const char *format, ...)
{
	va_list arguments;

	problems++;
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

static inline int forget_problems(void **state)
{
	(void)state;
	problems = 0;
	return 0;
}

#endif
