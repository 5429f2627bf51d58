/* Which values of two events differ, and which of those are worth saying. */
#include <stdlib.h>
#include <string.h>

#include "compare/difference_words.h"
#include "base/hash.h"

static bool begins_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

struct finder {
	const struct kept *expected, *actual;
	struct changed_fact *changed;
	size_t count;		/* all that differ */
	bool is_exit, is_failure;	/* the reason; whether it failed */
	bool wants_derived;
	bool has_optional;	/* both */
};

static const char *path_of(const struct finder *finder,
			   const struct changed_fact *changed)
{
	return changed->expected ?
	       kept_path(finder->expected, changed->expected) :
	       kept_path(finder->actual, changed->actual);
}

/* Does it go without saying, by what differs besides? */
static bool goes_along(const struct finder *finder,
		       const struct changed_fact *changed)
{
	const char *path = path_of(finder, changed);
	bool is_alone = !changed->expected || !changed->actual;

	if (finder->is_exit && begins_with(path, ".exit."))
		return strcmp(path, ".exit.reason") != 0;
	if (!finder->is_failure)
		return false;
	return !strcmp(path, ".ret") ||
	       (is_alone && (begins_with(path, ".out") ||
			     begins_with(path, ".made.") ||
			     begins_with(path, ".exit.")));
}

static void take(struct finder *finder, const struct kept_fact *expected,
		 const struct kept_fact *actual)
{
	struct changed_fact changed = { expected, actual };
	const struct kept_fact *fact = expected ? expected : actual;

	if (fact->is_shadow || fact->is_derived != finder->wants_derived ||
	    (fact->is_optional && !finder->has_optional))
		return;
	if (expected && actual && expected->value == actual->value)
		return;
	/* Of a list that was cut it isn't known what more it has. */
	if ((!actual && finder->actual->is_cut) ||
	    (!expected && finder->expected->is_cut))
		return;
	if (goes_along(finder, &changed))
		return;
	if (finder->count < DIFFERENCE_FIELDS_MAX)
		finder->changed[finder->count] = changed;
	finder->count++;
}

/* Each value of the one with the one at the same place of the other. */
static void find_facts(struct finder *finder)
{
	struct hash_map places = { 0 };
	size_t count = kept_count(finder->actual);
	bool *is_taken = calloc(count + 1, sizeof(*is_taken));

	for (size_t i = 0; i < count; i++)
		*hash_map_at(&places, kept_at(finder->actual, i)->place, 0) =
			(uint32_t)i;
	for (size_t i = 0; i < kept_count(finder->expected); i++) {
		const struct kept_fact *fact = kept_at(finder->expected, i);
		uint32_t *at = hash_map_find(&places, fact->place);

		take(finder, fact, at ? kept_at(finder->actual, *at) : NULL);
		if (at && is_taken)
			is_taken[*at] = true;
	}
	for (size_t i = 0; is_taken && i < count; i++)
		if (!is_taken[i])
			take(finder, NULL, kept_at(finder->actual, i));
	free(is_taken);
	hash_map_free(&places);
}

static bool differs_at(const struct kept *expected, const struct kept *actual,
		       const char *path, bool is_one_enough)
{
	const char *a = kept_find(expected, path);
	const char *b = kept_find(actual, path);

	return a && b ? strcmp(a, b) != 0 && !is_one_enough : !a != !b;
}

static bool has_optional(const struct kept *kept)
{
	for (size_t i = 0; i < kept_count(kept); i++)
		if (kept_at(kept, i)->is_optional)
			return true;
	return false;
}

size_t difference_find_facts(const struct kept *expected,
			     const struct kept *actual,
			     struct changed_fact *changed,
			     bool *ret_is_derived)
{
	struct finder finder = {
		.expected = expected, .actual = actual, .changed = changed,
		.is_exit = differs_at(expected, actual, ".exit.reason", false),
		.is_failure = differs_at(expected, actual, ".errno", true),
		.has_optional = has_optional(expected) && has_optional(actual),
	};

	find_facts(&finder);
	*ret_is_derived = !finder.count;
	if (!finder.count) {
		finder.wants_derived = true;
		find_facts(&finder);
	}
	return finder.count;
}
