#include "compare/telling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "compare/difference_words.h"
#include "compare/wants.h"

/* A finding with the values of its events. */
struct told {
	struct kept expected, actual, near;
};

struct telling {
	struct comparison *comparison;
	struct trace_index *expected, *actual;
	struct told *told;
	struct hash_map said;	/* values that differ: to the difference */
	struct hash_map vms;	/* in which something differs by itself */
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		log_die("out of memory: telling differences");
	return memory;
}

/* Reading the values */

static int read_told(struct telling *telling, const struct findings *findings,
		     size_t count)
{
	struct wants expected = { 0 }, actual = { 0 };
	int r;

	for (size_t i = 0; i < count; i++) {
		const struct finding *finding = &findings->list[i];

		wants_add(&expected, finding->a, &telling->told[i].expected);
		wants_add(&actual, finding->b, &telling->told[i].actual);
		if (finding->kind == DIFFERENCE_MOVED)
			wants_add(&expected, finding->near,
				  &telling->told[i].near);
	}
	r = wants_read(&expected, telling->expected,
		       &telling->comparison->error);
	if (!r)
		r = wants_read(&actual, telling->actual,
			       &telling->comparison->error);
	wants_free(&expected);
	wants_free(&actual);
	return r;
}

/* Leaving out */

static int32_t vm_of(const struct telling *telling,
		     const struct finding *finding)
{
	return finding->a != INDEX_NONE ?
	       telling->expected->events[finding->a].vm :
	       telling->actual->events[finding->b].vm;
}

static bool is_all_derived(const struct telling *telling,
			   const struct finding *finding)
{
	const struct index_event *event = finding->a != INDEX_NONE ?
		&telling->expected->events[finding->a] :
		&telling->actual->events[finding->b];

	return event->flags & EVENT_DERIVED;
}

static uint64_t vm_key(int32_t vm)
{
	return hash_mix((uint64_t)(int64_t)vm, 7);
}

static void note_cause(struct telling *telling, int32_t vm)
{
	*hash_map_at(&telling->vms, vm_key(vm), 0) = 1;
}

/* Has something differed before that it may follow from: in the same VM, or
 * in none? */
static bool has_cause(const struct telling *telling, int32_t vm)
{
	if (vm < 0)
		return telling->vms.count;
	return hash_map_find(&telling->vms, vm_key(vm)) ||
	       hash_map_find(&telling->vms, vm_key(-1));
}

static const char *path_of(const struct told *told,
			   const struct changed_fact *changed)
{
	return changed->expected ?
	       kept_path(&told->expected, changed->expected) :
	       kept_path(&told->actual, changed->actual);
}

static uint64_t said_key(const struct told *told, uint32_t stream,
			 const struct changed_fact *changed)
{
	const char *path = path_of(told, changed);
	const char *leaf = !strncmp(path, ".in.", 4) ? path + 4 :
			   !strncmp(path, ".out.", 5) ? path + 5 : path;
	uint64_t hash = hash_string(stream, leaf);

	hash = hash_mix(hash, changed->expected ? changed->expected->value : 1);
	return hash_mix(hash, changed->actual ? changed->actual->value : 1);
}

/* Have all these values been told already? The difference that told the last
 * of them, or NULL; from now on they have been. */
static struct difference *find_said(struct telling *telling, size_t index,
				    uint32_t stream,
				    const struct changed_fact *changed,
				    size_t count)
{
	struct comparison *comparison = telling->comparison;
	uint32_t fresh = (uint32_t)comparison->difference_count;
	bool is_said = count > 0;
	uint32_t last = fresh;

	for (size_t i = 0; i < count && i < DIFFERENCE_FIELDS_MAX; i++) {
		last = *hash_map_at(&telling->said,
				    said_key(&telling->told[index], stream,
					     &changed[i]), fresh);
		is_said &= last != fresh;
	}
	return is_said ? &comparison->differences[last] : NULL;
}

/* Words */

static char *take_text(struct buffer *buffer)
{
	char *text = strdup(buffer_string(buffer));

	if (!text)
		log_die("out of memory: a difference");
	buffer_reset(buffer);
	return text;
}

static char *copy_text(const struct kept *facts, const struct kept_fact *fact)
{
	char *text = fact ? strdup(kept_text(facts, fact)) : NULL;

	if (fact && !text)
		log_die("out of memory: a difference");
	return text;
}

static char *copy_path(const struct told *told,
		       const struct changed_fact *changed)
{
	char *path = strdup(path_of(told, changed));

	if (!path)
		log_die("out of memory: a difference");
	return path;
}

static void keep_fields(struct difference *difference, const struct told *told,
			const struct changed_fact *changed)
{
	size_t count = difference->field_total < DIFFERENCE_FIELDS_MAX ?
		       difference->field_total : DIFFERENCE_FIELDS_MAX;

	struct buffer text = BUFFER_EMPTY;

	difference->fields = allocate(count, sizeof(*difference->fields));
	difference->field_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct kept_fact *a = changed[i].expected;
		const struct kept_fact *b = changed[i].actual;

		difference_add_fact(&text, &told->expected, &told->actual,
				    &changed[i]);
		difference->fields[i] = (struct difference_field){
			.path = copy_path(told, &changed[i]),
			.expected = copy_text(&told->expected, a),
			.actual = copy_text(&told->actual, b),
			.text = take_text(&text),
		};
	}
	buffer_free(&text);
}

static void say_changed(struct buffer *text, const struct difference *difference)
{
	buffer_add_format(text, "%s: ", difference->event);
	for (size_t i = 0; i < difference->field_count; i++) {
		if (i)
			buffer_add_string(text, "; ");
		buffer_add_string(text, difference->fields[i].text);
	}
	if (!difference->field_count)
		buffer_add_string(text, "its values differ, and are too many "
				  "to be told");
	if (difference->field_total > difference->field_count)
		buffer_add_format(text, "; and %zu values more",
				  difference->field_total -
				  difference->field_count);
}

static void say_times(struct buffer *text, uint64_t count)
{
	if (count > 1)
		buffer_add_format(text, "%llu times ",
				  (unsigned long long)count);
}

static void say_moved(struct buffer *text, const struct finding *finding,
		      const struct told *told)
{
	if (finding->count > 1)
		buffer_add_format(text, "%llu events from ",
				  (unsigned long long)finding->count);
	difference_add_event(text, &told->expected, true);
	if (finding->near == INDEX_NONE) {
		buffer_add_string(text, " is in another place");
		return;
	}
	buffer_add_string(text, finding->is_behind ? " comes after " :
			  " comes before ");
	difference_add_event(text, &told->near, true);
	buffer_add_string(text, finding->is_behind ? ", expected before it" :
			  ", expected after it");
}

static void say(struct buffer *text, const struct finding *finding,
		const struct difference *difference, const struct told *told)
{
	switch (finding->kind) {
	case DIFFERENCE_CHANGED:
		say_changed(text, difference);
		return;
	case DIFFERENCE_MISSING:
		say_times(text, finding->count);
		difference_add_event(text, &told->expected, true);
		buffer_add_string(text, " is missing");
		return;
	case DIFFERENCE_EXTRA:
		say_times(text, finding->count);
		difference_add_event(text, &told->actual, true);
		buffer_add_string(text, " is not expected");
		return;
	case DIFFERENCE_MOVED:
		say_moved(text, finding, told);
	}
}

/* Places */

static struct difference_place place_of(const struct trace_index *index,
					uint32_t first, uint32_t last)
{
	return (struct difference_place){
		.is_there = true, .seq = index->events[first].seq,
		.last_seq = index->events[last].seq,
	};
}

static struct difference_place place_near(const struct trace_index *index,
					  const struct finding *finding)
{
	struct difference_place place = { .is_there = false };

	if (finding->near == INDEX_NONE)
		return place;
	place.is_behind = finding->is_behind;
	place.is_before = !finding->is_behind;
	place.seq = place.last_seq = index->events[finding->near].seq;
	return place;
}

static void find_places(const struct telling *telling,
			const struct finding *finding,
			struct difference *difference)
{
	difference->expected = finding->a == INDEX_NONE ?
		place_near(telling->expected, finding) :
		place_of(telling->expected, finding->a, finding->a_last);
	difference->actual = finding->b == INDEX_NONE ?
		place_near(telling->actual, finding) :
		place_of(telling->actual, finding->b, finding->b_last);
}

/* One finding, unless it goes without saying. */
static void tell(struct telling *telling, const struct finding *finding,
		 size_t index)
{
	struct comparison *comparison = telling->comparison;
	const struct told *told = &telling->told[index];
	struct changed_fact changed[DIFFERENCE_FIELDS_MAX];
	struct difference difference = {
		.kind = finding->kind, .count = finding->count,
	};
	bool is_derived = is_all_derived(telling, finding), is_change = false;
	uint32_t stream = finding->a == INDEX_NONE ? 0 :
			  telling->expected->events[finding->a].stream;
	struct difference *said = NULL;
	struct buffer text = BUFFER_EMPTY;

	if (finding->kind == DIFFERENCE_CHANGED) {
		difference.field_total = difference_find_facts(
			&told->expected, &told->actual, changed, &is_change);
		is_derived |= is_change && difference.field_total;
		said = find_said(telling, index, stream, changed,
				 difference.field_total);
	}
	if (said || (is_derived && has_cause(telling,
					     vm_of(telling, finding)))) {
		comparison->follow_total++;
		comparison->difference_total--;
		return;
	}
	if (!is_derived)
		note_cause(telling, vm_of(telling, finding));
	difference_add_event(&text, finding->a == INDEX_NONE ? &told->actual :
			     &told->expected, false);
	difference.event = take_text(&text);
	keep_fields(&difference, told, changed);
	say(&text, finding, &difference, told);
	difference.text = take_text(&text);
	find_places(telling, finding, &difference);
	comparison->differences[comparison->difference_count++] = difference;
	buffer_free(&text);
}

int telling_tell(struct comparison *comparison, struct findings *findings,
		 struct trace_index *expected, struct trace_index *actual)
{
	size_t count = findings->count < COMPARE_TOLD_MAX ? findings->count :
		       COMPARE_TOLD_MAX;
	struct telling telling = {
		.comparison = comparison, .expected = expected,
		.actual = actual,
		.told = allocate(count, sizeof(struct told)),
	};
	int r = read_told(&telling, findings, count);

	comparison->difference_total = findings->total;
	comparison->differences = allocate(count, sizeof(struct difference));
	for (size_t i = 0; !r && i < count; i++)
		tell(&telling, &findings->list[i], i);
	for (size_t i = 0; i < count; i++) {
		kept_free(&telling.told[i].expected);
		kept_free(&telling.told[i].actual);
		kept_free(&telling.told[i].near);
	}
	hash_map_free(&telling.said);
	hash_map_free(&telling.vms);
	free(telling.told);
	return r;
}
