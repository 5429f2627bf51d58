/* Loading a schema: every keyword in it is known, every pattern compiles. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "schema/json_schema_internal.h"

/* What a keyword's value holds. */
enum nesting {
	NEST_NOTHING,
	NEST_SCHEMA,
	NEST_SCHEMAS,	/* an array or object of schemas */
	NEST_EITHER,	/* one schema, or an array */
	NEST_PATTERN,
	NEST_REFERENCE,
};

static const struct {
	const char *name;
	enum nesting nesting;
} known[] = {
	{ "$schema", NEST_NOTHING }, { "$id", NEST_NOTHING },
	{ "title", NEST_NOTHING }, { "description", NEST_NOTHING },
	{ "type", NEST_NOTHING }, { "const", NEST_NOTHING },
	{ "enum", NEST_NOTHING }, { "required", NEST_NOTHING },
	{ "minimum", NEST_NOTHING }, { "maximum", NEST_NOTHING },
	{ "minItems", NEST_NOTHING }, { "maxItems", NEST_NOTHING },
	{ "pattern", NEST_PATTERN }, { "$ref", NEST_REFERENCE },
	{ "definitions", NEST_SCHEMAS }, { "properties", NEST_SCHEMAS },
	{ "allOf", NEST_SCHEMAS }, { "anyOf", NEST_SCHEMAS },
	{ "items", NEST_EITHER }, { "additionalProperties", NEST_SCHEMA },
	{ "if", NEST_SCHEMA }, { "then", NEST_SCHEMA },
	{ "else", NEST_SCHEMA },
};

static enum nesting find_nesting(const char *keyword)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].name, keyword))
			return known[i].nesting;
	log_die("the schema has a keyword that isn't checked: %s", keyword);
}

static void add_pattern(struct json_schema *schema, const json_t *text)
{
	size_t count = schema->pattern_count + 1;
	struct schema_pattern *pattern;

	schema->patterns = realloc(schema->patterns,
				   count * sizeof(schema->patterns[0]));
	if (!schema->patterns)
		log_die("out of memory: %zu patterns", count);
	pattern = &schema->patterns[schema->pattern_count++];
	pattern->text = json_string_value(text);
	if (regcomp(&pattern->regex, pattern->text, REG_EXTENDED))
		log_die("a pattern of the schema is malformed: %s",
			pattern->text);
}

static void check_reference(const struct json_schema *schema,
			    const json_t *reference)
{
	const char *text = json_string_value(reference);

	if (strncmp(text, SCHEMA_DEFINITIONS, strlen(SCHEMA_DEFINITIONS)))
		log_die("a reference that isn't to a definition: %s", text);
	json_schema_find_definition(schema, text + strlen(SCHEMA_DEFINITIONS));
}

static void load(struct json_schema *schema, const json_t *node);

static void load_all(struct json_schema *schema, const json_t *nodes)
{
	const char *key;
	size_t index;
	json_t *node;

	json_array_foreach(nodes, index, node)
		load(schema, node);
	json_object_foreach((json_t *)nodes, key, node)
		load(schema, node);
}

/* Booleans are schemas without keywords. */
static void load(struct json_schema *schema, const json_t *node)
{
	const char *keyword;
	json_t *value;

	json_object_foreach((json_t *)node, keyword, value) {
		enum nesting nesting = find_nesting(keyword);

		if (nesting == NEST_EITHER)
			nesting = json_is_array(value) ? NEST_SCHEMAS
						       : NEST_SCHEMA;
		if (nesting == NEST_SCHEMAS)
			load_all(schema, value);
		else if (nesting == NEST_SCHEMA)
			load(schema, value);
		else if (nesting == NEST_PATTERN)
			add_pattern(schema, value);
		else if (nesting == NEST_REFERENCE)
			check_reference(schema, value);
	}
}

struct json_schema *json_schema_new(json_t *root)
{
	struct json_schema *schema = calloc(1, sizeof(*schema));

	if (!schema)
		log_die("out of memory: a schema");
	schema->root = json_incref(root);
	load(schema, root);
	return schema;
}

void json_schema_free(struct json_schema *schema)
{
	for (size_t i = 0; i < schema->pattern_count; i++)
		regfree(&schema->patterns[i].regex);
	free(schema->patterns);
	json_decref(schema->root);
	free(schema);
}

const json_t *json_schema_find_definition(const struct json_schema *schema,
					  const char *name)
{
	const json_t *found = json_object_get(
		json_object_get(schema->root, "definitions"), name);

	if (!found)
		log_die("the schema has no definition '%s'", name);
	return found;
}

const regex_t *json_schema_find_pattern(const struct json_schema *schema,
					const json_t *text)
{
	for (size_t i = 0; i < schema->pattern_count; i++)
		if (schema->patterns[i].text == json_string_value(text))
			return &schema->patterns[i].regex;
	log_die("a pattern of the schema was not compiled");
}
