/*
 * Which functions only hand a system call on to the kernel: all of a C
 * library's objects, and by name those of a C library or a Go runtime that is
 * linked into the program.
 */
#ifndef CAPTURE_WRAPPERS_H
#define CAPTURE_WRAPPERS_H

#include <stdbool.h>

/* Base name of the object and name of the function; NULL: unknown. */
bool wrappers_have(const char *object, const char *symbol);

#endif
