/*
 * A JSON Schema applied to a value, for the part of draft-07 that the schemas
 * of kvmtrace use. It exists because no C library for it is packaged; the
 * tests hold its verdicts against python3-jsonschema's. A keyword that it
 * doesn't know is our bug: json_schema_new() aborts, so that no schema can
 * ask for more than is checked.
 *
 * References are those to the root's own definitions. Patterns are POSIX
 * extended expressions (regcomp(3)); write them so that ECMA 262 agrees.
 */
#ifndef JSON_SCHEMA_H
#define JSON_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"

struct json_schema;

/* What is wrong, and where; valid during the call. Bytes of any kind. */
struct json_problem {
	const char *pointer;	/* RFC 6901; "" is the whole value */
	const char *expected;	/* "an integer" … */
};

typedef void json_problem_fn(void *context, const struct json_problem *problem);

/* Takes its own reference to `schema`. */
struct json_schema *json_schema_new(json_t *schema);
void json_schema_free(struct json_schema *schema);

/* Every problem of the value, in the schema's order; how many there are. */
size_t json_schema_check(const struct json_schema *schema, const json_t *value,
			 json_problem_fn *report, void *context);

/* The same with one of the schema's definitions in place of its root. */
size_t json_schema_check_definition(const struct json_schema *schema,
				    const char *definition,
				    const json_t *value,
				    json_problem_fn *report, void *context);

#endif
