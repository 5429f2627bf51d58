/* The check of a value; what a schema may hold is json_schema_load.c's. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "schema/json_schema_internal.h"

/* Where in the value a check stands; on the stack of the walk. */
struct place {
	const struct place *parent;	/* NULL: the whole value */
	const char *key;		/* NULL: an element of an array */
	size_t index;
};

struct check {
	const struct json_schema *schema;
	json_problem_fn *report;	/* NULL: only count */
	void *context;
	size_t problems;
};

static void apply(struct check *check, const json_t *schema,
		  const json_t *value, const struct place *place);

/* Reporting */

static void add_place(struct buffer *out, const struct place *place)
{
	if (!place->parent)
		return;
	add_place(out, place->parent);
	buffer_add_char(out, '/');
	if (!place->key)
		buffer_add_unsigned(out, place->index);
	for (const char *c = place->key; c && *c; c++) {
		if (*c == '~' || *c == '/')
			buffer_add_string(out, *c == '~' ? "~0" : "~1");
		else
			buffer_add_char(out, *c);
	}
}

static void report(struct check *check, const struct place *place,
		   const char *expected, const json_t *argument)
{
	struct buffer pointer = BUFFER_EMPTY, text = BUFFER_EMPTY;
	char *dumped;

	check->problems++;
	if (!check->report)
		return;
	add_place(&pointer, place);
	buffer_add_string(&text, expected);
	dumped = argument ? json_dumps(argument, JSON_ENCODE_ANY |
				       JSON_ENSURE_ASCII | JSON_COMPACT)
			  : NULL;
	if (dumped)
		buffer_add_string(&text, dumped);
	check->report(check->context, &(struct json_problem){
		buffer_string(&pointer), buffer_string(&text) });
	free(dumped);
	buffer_free(&pointer);
	buffer_free(&text);
}

/* Does the value fit? Nobody is told. */
static bool fits(const struct check *check, const json_t *schema,
		 const json_t *value, const struct place *place)
{
	struct check quiet = { .schema = check->schema };

	apply(&quiet, schema, value, place);
	return !quiet.problems;
}

/* Keywords, each of draft-07's validation and core vocabularies */

/* A number without a fraction is an integer, however it is written. */
static bool is_integer(const json_t *value)
{
	return json_is_integer(value) ||
	       (json_is_real(value) && isfinite(json_real_value(value)) &&
		floor(json_real_value(value)) == json_real_value(value));
}

static bool is_type(const json_t *value, const char *type)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "object", [JSON_ARRAY] = "array",
		[JSON_STRING] = "string", [JSON_INTEGER] = "number",
		[JSON_REAL] = "number", [JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean", [JSON_NULL] = "null",
	};

	if (!strcmp(type, "integer"))
		return is_integer(value);
	return !strcmp(type, names[json_typeof(value)]);
}

static void check_type(struct check *check, const json_t *wanted,
		       const json_t *value, const struct place *place)
{
	size_t index;
	json_t *type;

	if (json_is_string(wanted)) {
		if (!is_type(value, json_string_value(wanted)))
			report(check, place, "must be of type ", wanted);
		return;
	}
	json_array_foreach(wanted, index, type)
		if (is_type(value, json_string_value(type)))
			return;
	report(check, place, "must be of one of the types ", wanted);
}

static bool equals(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b) &&
	    !(json_is_integer(a) && json_is_integer(b)))
		return json_number_value(a) == json_number_value(b);
	return json_equal(a, b);
}

static void check_const(struct check *check, const json_t *wanted,
			const json_t *value, const struct place *place)
{
	if (!equals(wanted, value))
		report(check, place, "must be ", wanted);
}

static void check_enum(struct check *check, const json_t *wanted,
		       const json_t *value, const struct place *place)
{
	size_t index;
	json_t *member;

	json_array_foreach(wanted, index, member)
		if (equals(member, value))
			return;
	report(check, place, "must be one of ", wanted);
}

/* REG_STARTEND (a GNU extension) lets the string hold zero bytes. */
static void check_pattern(struct check *check, const json_t *wanted,
			  const json_t *value, const struct place *place)
{
	regmatch_t range = { 0, (regoff_t)json_string_length(value) };

	if (json_is_string(value) &&
	    regexec(json_schema_find_pattern(check->schema, wanted),
		    json_string_value(value), 1, &range, REG_STARTEND))
		report(check, place, "must match the pattern ", wanted);
}

static void check_minimum(struct check *check, const json_t *wanted,
			  const json_t *value, const struct place *place)
{
	bool is_less = json_is_integer(value) && json_is_integer(wanted) ?
		json_integer_value(value) < json_integer_value(wanted) :
		json_number_value(value) < json_number_value(wanted);

	if (json_is_number(value) && is_less)
		report(check, place, "must be at least ", wanted);
}

static void check_maximum(struct check *check, const json_t *wanted,
			  const json_t *value, const struct place *place)
{
	bool is_more = json_is_integer(value) && json_is_integer(wanted) ?
		json_integer_value(value) > json_integer_value(wanted) :
		json_number_value(value) > json_number_value(wanted);

	if (json_is_number(value) && is_more)
		report(check, place, "must be at most ", wanted);
}

static void check_min_items(struct check *check, const json_t *wanted,
			    const json_t *value, const struct place *place)
{
	if (json_is_array(value) && (json_int_t)json_array_size(value) <
				    json_integer_value(wanted))
		report(check, place, "must have at least so many elements: ",
		       wanted);
}

static void check_max_items(struct check *check, const json_t *wanted,
			    const json_t *value, const struct place *place)
{
	if (json_is_array(value) && (json_int_t)json_array_size(value) >
				    json_integer_value(wanted))
		report(check, place, "must have at most so many elements: ",
		       wanted);
}

static void check_required(struct check *check, const json_t *wanted,
			   const json_t *value, const struct place *place)
{
	size_t index;
	json_t *key;

	if (!json_is_object(value))
		return;
	json_array_foreach(wanted, index, key)
		if (!json_object_get(value, json_string_value(key)))
			report(check, place, "must have the key ", key);
}

static void check_properties(struct check *check, const json_t *wanted,
			     const json_t *value, const struct place *place)
{
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return;
	json_object_foreach((json_t *)wanted, key, member) {
		const struct place inner = { place, key, 0 };
		const json_t *found = json_object_get(value, key);

		if (found)
			apply(check, member, found, &inner);
	}
}

/* Keys that `properties` beside it doesn't have; there is no patternProperties. */
static void check_additional(struct check *check, const json_t *schema,
			     const json_t *value, const struct place *place)
{
	const json_t *wanted = json_object_get(schema, "additionalProperties");
	const json_t *known = json_object_get(schema, "properties");
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return;
	json_object_foreach((json_t *)value, key, member) {
		const struct place inner = { place, key, 0 };

		if (!json_object_get(known, key))
			apply(check, wanted, member, &inner);
	}
}

static void check_items(struct check *check, const json_t *wanted,
			const json_t *value, const struct place *place)
{
	size_t index;
	json_t *member;

	if (!json_is_array(value))
		return;
	json_array_foreach(value, index, member) {
		const struct place inner = { place, NULL, index };
		const json_t *schema = json_is_array(wanted) ?
			json_array_get(wanted, index) : wanted;

		if (schema)
			apply(check, schema, member, &inner);
	}
}

static void check_all_of(struct check *check, const json_t *wanted,
			 const json_t *value, const struct place *place)
{
	size_t index;
	json_t *schema;

	json_array_foreach(wanted, index, schema)
		apply(check, schema, value, place);
}

static void check_any_of(struct check *check, const json_t *wanted,
			 const json_t *value, const struct place *place)
{
	size_t index;
	json_t *schema;

	json_array_foreach(wanted, index, schema)
		if (fits(check, schema, value, place))
			return;
	report(check, place, "must fit one of ", wanted);
}

static void check_if(struct check *check, const json_t *schema,
		     const json_t *condition, const json_t *value,
		     const struct place *place)
{
	const json_t *chosen = json_object_get(
		schema, fits(check, condition, value, place) ? "then" : "else");

	if (chosen)
		apply(check, chosen, value, place);
}

static void check_ref(struct check *check, const json_t *wanted,
		      const json_t *value, const struct place *place)
{
	apply(check, json_schema_find_definition(
			     check->schema, json_string_value(wanted) +
						    strlen(SCHEMA_DEFINITIONS)),
	      value, place);
}

typedef void check_fn(struct check *check, const json_t *wanted,
		      const json_t *value, const struct place *place);

struct keyword {
	const char *name;
	check_fn *apply;
};

/* Beside these: $ref, and the two that need another keyword's value too. */
static const struct keyword keywords[] = {
	{ "properties", check_properties },
	{ "const", check_const },
	{ "type", check_type },
	{ "required", check_required },
	{ "enum", check_enum },
	{ "pattern", check_pattern },
	{ "minimum", check_minimum },
	{ "maximum", check_maximum },
	{ "minItems", check_min_items },
	{ "maxItems", check_max_items },
	{ "items", check_items },
	{ "allOf", check_all_of },
	{ "anyOf", check_any_of },
};

static check_fn *find_keyword(const char *name)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (!strcmp(keywords[i].name, name))
			return keywords[i].apply;
	return NULL;
}

/* Draft-07 8.3: what stands beside $ref is ignored. */
static void apply(struct check *check, const json_t *schema,
		  const json_t *value, const struct place *place)
{
	const json_t *ref = json_object_get(schema, "$ref");
	const char *key;
	json_t *wanted;

	if (json_is_false(schema))
		report(check, place, "must not be there", NULL);
	if (ref) {
		check_ref(check, ref, value, place);
		return;
	}
	json_object_foreach((json_t *)schema, key, wanted) {
		check_fn *keyword = find_keyword(key);

		if (keyword)
			keyword(check, wanted, value, place);
		else if (!strcmp(key, "if"))
			check_if(check, schema, wanted, value, place);
		else if (!strcmp(key, "additionalProperties"))
			check_additional(check, schema, value, place);
	}
}

static size_t run(const struct json_schema *schema, const json_t *start,
		  const json_t *value, json_problem_fn *report_fn,
		  void *context)
{
	const struct place whole = { NULL, NULL, 0 };
	struct check check = { schema, report_fn, context, 0 };

	apply(&check, start, value, &whole);
	return check.problems;
}

size_t json_schema_check(const struct json_schema *schema, const json_t *value,
			 json_problem_fn *report_fn, void *context)
{
	return run(schema, schema->root, value, report_fn, context);
}

size_t json_schema_check_definition(const struct json_schema *schema,
				    const char *definition,
				    const json_t *value,
				    json_problem_fn *report_fn, void *context)
{
	return run(schema, json_schema_find_definition(schema, definition),
		   value, report_fn, context);
}
