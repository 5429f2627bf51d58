/* The limits that a run met, in the result: names for programs, words. */
#include <string.h>

#include "compare/grade_internal.h"

static const struct {
	const char *name, *text;
} limits[GRADE_LIMITS] = {
	[LIMIT_TIMEOUT] = { "timeout",
			    "the program was ended: --timeout was met" },
	[LIMIT_EVENTS] = { "max-events",
			   "the trace leaves out events: --max-events was "
			   "met" },
	[LIMIT_TASKS] = { "max-tasks",
			  "the program was ended: it had more processes and "
			  "threads than --max-tasks allows" },
	[LIMIT_OUTPUT] = { "max-output",
			   "what the program printed beyond --max-output was "
			   "dropped" },
	[LIMIT_FILE] = { "max-file",
			 "the program was ended by SIGXFSZ: a file may not "
			 "grow beyond a limit (--max-file)" },
};

static json_t *get_array(json_t *result, const char *key)
{
	json_t *array = json_object_get(result, key);

	if (!array)
		json_object_set_new(result, key, array = json_array());
	return array;
}

static void add_name(json_t *names, const char *name)
{
	size_t index;
	json_t *known;

	json_array_foreach(names, index, known)
		if (!strcmp(json_string_value(known), name))
			return;
	json_array_append_new(names, json_string(name));
}

static unsigned int find_in_trace(const struct ending *ending)
{
	static const struct {
		const char *key;
		enum grade_limit limit;
	} keys[] = {
		{ "timed_out", LIMIT_TIMEOUT },
		{ "too_many_tasks", LIMIT_TASKS },
	};
	const char *signal = json_string_value(
		json_object_get(ending->status, "signal"));
	unsigned int met = ending->is_truncated ? 1u << LIMIT_EVENTS : 0;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_is_true(json_object_get(ending->status, keys[i].key)))
			met |= 1u << keys[i].limit;
	/* setrlimit(2), RLIMIT_FSIZE: what a write beyond it ends with. */
	if (signal && !strcmp(signal, "SIGXFSZ"))
		met |= 1u << LIMIT_FILE;
	return met;
}

void grade_note_limits(json_t *result, const char *run,
		       const struct ending *ending, unsigned int met)
{
	met |= find_in_trace(ending);
	for (size_t i = 0; i < GRADE_LIMITS; i++) {
		if (!(met & 1u << i))
			continue;
		add_name(get_array(result, "limits"), limits[i].name);
		json_array_append_new(get_array(result, "notes"),
				      json_sprintf("%s%s%s", run,
						   *run ? ": " : "",
						   limits[i].text));
	}
}
