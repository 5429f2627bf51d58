#include "grade/rubric_file.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"
#include "cli/injection_parse.h"
#include "schema/json_schema.h"
#include "cli/options.h"
#include "schema/schema_documents.h"

struct loading {
	const char *path;
	const json_t *schema;
	size_t problems;
};

static void tell(void *context, const char *pointer, const char *reason)
{
	struct loading *loading = context;

	if (loading->problems++ < RUBRIC_FILE_PROBLEMS_MAX)
		log_error("%s: %s%s%s", loading->path, pointer,
			  *pointer ? ": " : "", reason);
}

/* jansson's `text` quotes the rubric, which is the caller's own. */
static json_t *parse(const char *path)
{
	json_error_t error;
	json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (document)
		return document;
	if (error.line > 0)
		log_error("%s, line %d, column %d: %s", path, error.line,
			  error.column, error.text);
	else
		log_error("cannot read %s: %s", path, strerror(errno));
	return NULL;
}

/* All keys that some object of a rubric may have. */
static void offer_keys(struct nearest *nearest, const json_t *schema)
{
	const char *key;
	json_t *member;
	size_t index;

	json_object_foreach(json_object_get(schema, "properties"), key, member)
		nearest_offer(nearest, key);
	json_object_foreach((json_t *)schema, key, member)
		offer_keys(nearest, member);
	json_array_foreach(schema, index, member)
		offer_keys(nearest, member);
}

static void tell_key(struct loading *loading, const char *pointer)
{
	const char *slash = strrchr(pointer, '/');
	const char *key = slash ? slash + 1 : pointer;
	struct nearest nearest = nearest_to(key);
	char reason[256];

	offer_keys(&nearest, loading->schema);
	if (!nearest.best)
		snprintf(reason, sizeof(reason), "there is no such key");
	else if (!strcmp(nearest.best, key))
		snprintf(reason, sizeof(reason),
			 "this key can't stand here, beside the others");
	else
		snprintf(reason, sizeof(reason),
			 "there is no such key; did you mean '%s'?",
			 nearest.best);
	tell(loading, pointer, reason);
}

/* What the checker says of a schema's alternatives is no help to people. */
static void tell_problem(void *context, const struct json_problem *problem)
{
	struct loading *loading = context;
	const char *pointer = problem->pointer;

	if (!strcmp(problem->expected, "must not be there"))
		tell_key(loading, pointer);
	else if (strncmp(problem->expected, "must fit one of", 15))
		tell(loading, pointer, problem->expected);
	else if (strstr(pointer, "/never") || strstr(pointer, "/order"))
		tell(loading, pointer, "must have one of call, exit and type");
	else
		tell(loading, pointer, "must have one test: call, exit, type, "
		     "never, order, console, exit_status, like or jq");
}

static int check_schema(struct loading *loading, const json_t *document)
{
	json_t *schema = schema_new_document("rubric");
	struct json_schema *checker = json_schema_new(schema);
	size_t problems;

	loading->schema = schema;
	problems = json_schema_check(checker, document, tell_problem, loading);
	json_schema_free(checker);
	json_decref(schema);
	return problems ? -EINVAL : 0;
}

static const char *name_type(const json_t *value)
{
	return json_is_string(value) ? "string" :
	       json_is_number(value) ? "number" : "true or false";
}

static void tell_definition(const struct loading *loading,
			    const json_t *document, const char *name, int error)
{
	json_t *vars = json_object_get(document, "vars"), *value;
	struct nearest nearest = nearest_to(name);
	const char *known;

	json_object_foreach(vars, known, value)
		nearest_offer(&nearest, known);
	if (error == -EINVAL)
		log_error("-D %s: the variable is a %s in %s", name,
			  name_type(json_object_get(vars, name)),
			  loading->path);
	else if (nearest.best)
		log_error("-D %s: %s has no such variable; did you mean %s?",
			  name, loading->path, nearest.best);
	else
		log_error("-D %s: %s has no such variable", name,
			  loading->path);
}

static int define(const struct loading *loading, json_t *document,
		  const char *definition)
{
	const char *equals = strchr(definition, '=');
	char *name;
	int error;

	if (!equals) {
		log_error("-D %s: it is -D NAME=VALUE", definition);
		return -EINVAL;
	}
	name = strndup(definition, (size_t)(equals - definition));
	if (!name)
		log_die("out of memory: a variable's name");
	error = rubric_set_variable(document, name, equals + 1);
	if (error)
		tell_definition(loading, document, name, error);
	free(name);
	return error;
}

static int prepare(struct loading *loading, json_t *document,
		   char *const *definitions, size_t definition_count)
{
	int error = check_schema(loading, document);

	for (size_t i = 0; !error && i < definition_count; i++)
		error = define(loading, document, definitions[i]);
	return error;
}

static void check_injections(struct loading *loading, const json_t *document)
{
	const json_t *run, *text;
	size_t i, j;

	json_array_foreach(json_object_get(document, "runs"), i, run) {
		const json_t *texts = json_object_get(run, "inject");

		json_array_foreach(texts, j, text) {
			char pointer[64], reason[INJECTION_ERROR_BYTES];
			struct injection injection;

			static_assert(INJECTIONS_MAX == 64, "the text");
			snprintf(pointer, sizeof(pointer),
				 "/runs/%zu/inject/%zu", i, j);
			if (injection_parse(json_string_value(text),
					    &injection, reason))
				tell(loading, pointer, reason);
			else if (j == INJECTIONS_MAX)
				tell(loading, pointer, "a run has at most "
				     "64 faults");
		}
	}
}

/* The folder of a path, as dirname(3) has it. */
static char *new_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) +
				       (slash == path)) : strdup(".");

	if (!folder)
		log_die("out of memory: a path");
	return folder;
}

struct rubric *rubric_file_load(const char *path, char *const *definitions,
				size_t definition_count)
{
	struct loading loading = { .path = path };
	struct rubric *rubric = NULL;
	json_t *document = parse(path);
	char *folder = new_folder(path);
	bool is_sound = document &&
			!prepare(&loading, document, definitions,
				 definition_count);

	if (is_sound) {
		rubric = rubric_new(document, folder, tell, &loading);
		check_injections(&loading, document);
	}
	if (loading.problems) {
		rubric_free(rubric);
		rubric = NULL;
	}
	if (loading.problems > RUBRIC_FILE_PROBLEMS_MAX)
		log_error("%s: and %zu problems more", path,
			  loading.problems - RUBRIC_FILE_PROBLEMS_MAX);
	free(folder);
	json_decref(document);
	return rubric;
}
