/* A loaded schema, for json_schema.c and json_schema_load.c only. */
#ifndef JSON_SCHEMA_INTERNAL_H
#define JSON_SCHEMA_INTERNAL_H

#include <regex.h>

#include "schema/json_schema.h"

#define SCHEMA_DEFINITIONS "#/definitions/"

/* Compiled once; the string in the schema is its key. */
struct schema_pattern {
	const char *text;
	regex_t regex;
};

struct json_schema {
	json_t *root;
	struct schema_pattern *patterns;
	size_t pattern_count;
};

/* Each aborts when there is none. */
const json_t *json_schema_find_definition(const struct json_schema *schema,
					  const char *name);
const regex_t *json_schema_find_pattern(const struct json_schema *schema,
					const json_t *text);

#endif
