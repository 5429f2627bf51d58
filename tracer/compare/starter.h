/*
 * A rubric to begin with, from the trace of a reference solution: its calls
 * with the fields that matter, their order, what the guest printed, why it
 * left, how the program ended. The reference gets all of its points. Points
 * are guesses; what is too strict for the course is for the instructor to
 * loosen.
 */
#ifndef COMPARE_STARTER_H
#define COMPARE_STARTER_H

#include "base/buffer.h"

/* 0 with the rubric's text in `out`, or -errno with the reason there. */
int starter_write(const char *path, struct buffer *out);

#endif
