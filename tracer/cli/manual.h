/*
 * `kvmtrace --man PART`: what tables tell for the manual pages, in mdoc. The
 * rest of a page stands in man/, which man/page.awk puts together.
 */
#ifndef MANUAL_H
#define MANUAL_H

#include "base/buffer.h"

/* A command (commands.h), but for the build. 0, or 2: no such part. */
int manual_run(int argc, char **argv);

/* The keys of a rubric, from its schema (manual_rubric.c). */
void manual_add_rubric(struct buffer *out);

#endif
