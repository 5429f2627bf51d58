/*
 * A rubric's file, loaded and checked: its JSON, its schema
 * (schemas/rubric.schema.json), the -D variables, and what only
 * compare/rubric.h can tell. Everything wrong is said on standard error with
 * its place, so that nothing runs before the rubric is sound.
 */
#ifndef RUBRIC_FILE_H
#define RUBRIC_FILE_H

#include "compare/rubric.h"

/* So many problems are told. */
#define RUBRIC_FILE_PROBLEMS_MAX 20

/* `definitions`: NAME=VALUE each. NULL after telling why not. */
struct rubric *rubric_file_load(const char *path, char *const *definitions,
				size_t definition_count);

#endif
