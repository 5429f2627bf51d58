/*
 * From the document to struct rubric, in the order of the document. What the
 * schema has made sure of is not asked again; what it can't say is.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "compare/expressions.h"
#include "compare/rubric_internal.h"

void *rubric_allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		log_die("out of memory: the rubric");
	return memory;
}

void rubric_tell(struct loading *loading, const char *pointer,
		 const char *reason)
{
	loading->problems++;
	loading->problem(loading->context, pointer, reason);
}

/* "REASON 'NAME'", and what may have been meant. */
void rubric_tell_name(struct loading *loading, const char *pointer,
		      const char *reason, const char *name,
		      const struct nearest *nearest)
{
	struct buffer text = BUFFER_EMPTY;

	buffer_add_format(&text, "%s '%s'", reason, name);
	if (nearest && nearest->best)
		buffer_add_format(&text, "; did you mean '%s'?", nearest->best);
	rubric_tell(loading, pointer, buffer_string(&text));
	buffer_free(&text);
}

const char *rubric_get_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Expressions */

size_t rubric_add_expression(struct loading *loading, const char *pointer,
			     const char *text)
{
	size_t count = loading->place_count + 1;

	loading->places =
		realloc(loading->places, count * sizeof(loading->places[0]));
	if (!loading->places)
		log_die("out of memory: %zu places", count);
	loading->places[loading->place_count] = strdup(pointer);
	if (!loading->places[loading->place_count++])
		log_die("out of memory: a place");
	return expressions_add(loading->rubric->expressions, text);
}

static void tell_expression(void *context, size_t number, const char *reason)
{
	struct loading *loading = context;

	rubric_tell(loading,
		    number < loading->place_count ? loading->places[number]
						  : "",
		    reason);
}

/* Runs and checks */

static void check_twice(struct loading *loading, const char *pointer,
			const json_t *array, size_t index)
{
	const char *id = rubric_get_string(json_array_get(array, index), "id");

	for (size_t i = 0; i < index; i++)
		if (!strcmp(rubric_get_string(json_array_get(array, i), "id"),
			    id)) {
			rubric_tell_name(loading, pointer,
					 "there are two of the id", id, NULL);
			return;
		}
}

static void load_runs(struct loading *loading)
{
	struct rubric *rubric = loading->rubric;
	const json_t *runs = json_object_get(rubric->document, "runs");

	rubric->run_count = runs ? json_array_size(runs) : 1;
	rubric->runs =
		rubric_allocate(rubric->run_count, sizeof(rubric->runs[0]));
	rubric->runs[0].id = "";
	for (size_t i = 0; i < json_array_size(runs); i++) {
		char pointer[64];

		rubric->runs[i].document = json_array_get(runs, i);
		rubric->runs[i].id =
			rubric_get_string(rubric->runs[i].document, "id");
		snprintf(pointer, sizeof(pointer), "/runs/%zu/id", i);
		check_twice(loading, pointer, runs, i);
	}
}

static void find_run(struct loading *loading, const char *pointer,
		     const char *id, struct check *check)
{
	const struct rubric *rubric = loading->rubric;
	struct nearest nearest = nearest_to(id ? id : "");

	if (!id && rubric->run_count == 1)
		return;
	if (!id) {
		rubric_tell(loading, pointer,
			    "must say which of the runs it looks at: \"run\"");
		return;
	}
	for (size_t i = 0; i < rubric->run_count; i++) {
		check->run = i;
		if (!strcmp(rubric->runs[i].id, id))
			return;
		nearest_offer(&nearest, rubric->runs[i].id);
	}
	rubric_tell_name(loading, pointer, "there is no run", id, &nearest);
}

static void load_check(struct loading *loading, size_t index,
		       const json_t *from, struct check *check)
{
	char pointer[64], place[80];

	snprintf(pointer, sizeof(pointer), "/checks/%zu", index);
	*check = (struct check){
		.id = rubric_get_string(from, "id"),
		.title = rubric_get_string(from, "title"),
		.number = rubric_get_string(from, "number"),
		.hint = rubric_get_string(from, "hint"),
		.visibility = rubric_get_string(from, "visibility"),
		.points = json_number_value(json_object_get(from, "points")),
		.jq = RUBRIC_NO_EXPRESSION,
	};
	snprintf(place, sizeof(place), "%s/id", pointer);
	check_twice(loading, place,
		    json_object_get(loading->rubric->document, "checks"),
		    index);
	snprintf(place, sizeof(place), "%s%s", pointer,
		 json_object_get(from, "run") ? "/run" : "");
	find_run(loading, place, rubric_get_string(from, "run"), check);
	rubric_load_test(loading, pointer, from, check);
}

static void load_checks(struct loading *loading)
{
	struct rubric *rubric = loading->rubric;
	const json_t *checks = json_object_get(rubric->document, "checks");

	rubric->check_count = json_array_size(checks);
	rubric->checks =
		rubric_allocate(rubric->check_count, sizeof(rubric->checks[0]));
	for (size_t i = 0; i < rubric->check_count; i++)
		load_check(loading, i, json_array_get(checks, i),
			   &rubric->checks[i]);
}

static bool is_word(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	static const char all[] = "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	return strspn(name, letters) && !name[strspn(name, all)];
}

/* jq's own: $ENV is the environment; what begins with __, like $__loc__. */
static void check_variables(struct loading *loading)
{
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(loading->rubric->document, "vars"),
			    name, value)
		if (!is_word(name) || !strcmp(name, "ENV") ||
		    !strncmp(name, "__", 2))
			rubric_tell_name(loading, "/vars",
					 "jq takes no variable of the name",
					 name, NULL);
}

struct rubric *rubric_new(json_t *document, const char *folder,
			  rubric_problem_fn *problem, void *context)
{
	struct rubric *rubric = rubric_allocate(1, sizeof(*rubric));
	struct loading loading = {
		rubric, folder, problem, context, 0, NULL, 0
	};

	rubric->document = json_incref(document);
	rubric->title = rubric_get_string(document, "title");
	rubric->expressions = expressions_new();
	check_variables(&loading);
	load_runs(&loading);
	load_checks(&loading);
	expressions_compile(rubric->expressions,
			    json_object_get(document, "vars"), tell_expression,
			    &loading);
	for (size_t i = 0; i < loading.place_count; i++)
		free(loading.places[i]);
	free(loading.places);
	if (!loading.problems)
		return rubric;
	rubric_free(rubric);
	return NULL;
}
