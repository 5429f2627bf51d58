#include "compare/compare.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "compare/telling.h"

struct comparison *comparison_new(const struct compare_options *options)
{
	struct comparison *comparison = calloc(1, sizeof(*comparison));

	if (!comparison)
		log_die("out of memory: comparing");
	comparison->options = *options;
	return comparison;
}

static void free_difference(struct difference *difference)
{
	for (size_t i = 0; i < difference->field_count; i++) {
		free(difference->fields[i].path);
		free(difference->fields[i].expected);
		free(difference->fields[i].actual);
		free(difference->fields[i].text);
	}
	free(difference->fields);
	free(difference->event);
	free(difference->text);
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	for (size_t i = 0; i < comparison->difference_count; i++)
		free_difference(&comparison->differences[i]);
	free(comparison->differences);
	buffer_free(&comparison->error);
	free(comparison);
}

/* Both by the same rules: the hashes of one are those of the other. */
struct subject {
	struct rules *rules;
	struct trace_index expected, actual;
	struct hash_map streams;
};

static int set_rules(struct comparison *comparison, struct rules *rules)
{
	const struct compare_options *options = &comparison->options;
	int r = 0;

	if (options->unmask)
		r = rules_unmask(rules, options->unmask, &comparison->error);
	if (!r && options->ignore)
		r = rules_ignore(rules, options->ignore, &comparison->error);
	return r;
}

struct reading {
	struct trace_index *index;
	struct buffer error;
	int result;
};

static void *read_trace(void *argument)
{
	struct reading *reading = argument;

	reading->result = trace_index_read(reading->index, &reading->error);
	return NULL;
}

/* Both at once: nearly all the time goes by here. */
static int read_traces(struct comparison *comparison, struct subject *subject)
{
	struct reading expected = { .index = &subject->expected };
	struct reading actual = { .index = &subject->actual };
	struct reading *wrong;
	pthread_t thread;
	bool is_parallel = !pthread_create(&thread, NULL, read_trace,
					   &expected);

	if (!is_parallel)
		read_trace(&expected);
	read_trace(&actual);
	if (is_parallel)
		pthread_join(thread, NULL);
	wrong = expected.result ? &expected : &actual;
	if (wrong->result)
		buffer_add_string(&comparison->error,
				  buffer_string(&wrong->error));
	buffer_free(&expected.error);
	buffer_free(&actual.error);
	trace_index_number_streams(&subject->expected, &subject->streams);
	trace_index_number_streams(&subject->actual, &subject->streams);
	return wrong->result;
}

static int find_differences(struct comparison *comparison,
			    struct subject *subject)
{
	bool is_global = comparison->options.is_global_order;
	uint32_t count = (uint32_t)subject->streams.count;
	struct findings findings = { 0 };
	struct streams a, b;
	int r;

	if (!is_global)
		streams_merge(&subject->expected, &subject->actual, count);
	streams_sort(&a, &subject->expected, count, is_global);
	streams_sort(&b, &subject->actual, count, is_global);
	pairing_find(&subject->expected, &subject->actual, &a, &b);
	findings_find(&findings, &subject->expected, &subject->actual, &a, &b);
	if (!is_global)
		findings_find_order(&findings, &subject->actual);
	streams_free(&a);
	streams_free(&b);
	findings_sort(&findings);
	r = telling_tell(comparison, &findings, &subject->expected,
			 &subject->actual);
	findings_free(&findings);
	return r;
}

/* Events that count for closeness, and twice the share of those that have
 * their counterpart. */
static void count_alike(const struct trace_index *index, uint64_t *all,
			uint64_t *alike)
{
	for (size_t i = 0; i < index->count; i++) {
		const struct index_event *event = &index->events[i];

		if (event->flags &
		    (EVENT_DERIVED | EVENT_IGNORED | EVENT_START))
			continue;
		*all += 2;
		*alike += event->pairing == PAIRED_EQUAL ? 2 :
			  event->pairing != PAIRED_NOT;
	}
}

/* Calls may be equal where only what follows from them differs. */
#define ALIKE_NEARLY 0.999

static double find_alike(const struct subject *subject)
{
	uint64_t all = 0, alike = 0;

	count_alike(&subject->expected, &all, &alike);
	count_alike(&subject->actual, &all, &alike);
	return alike < all ? (double)alike / (double)all : ALIKE_NEARLY;
}

static struct compared_trace describe(const struct trace_index *index)
{
	return (struct compared_trace){
		.path = index->name, .events = index->count,
		.has_end = index->has_end,
		.is_truncated = index->is_truncated,
		.is_cut = index->is_cut,
		.is_renumbered = index->is_renumbered,
	};
}

static enum compare_verdict find_verdict(const struct comparison *comparison)
{
	const struct compared_trace *a = &comparison->expected;
	const struct compared_trace *b = &comparison->actual;

	if (!a->has_end || !b->has_end || a->is_truncated || b->is_truncated)
		return COMPARE_INCOMPLETE;
	return comparison->difference_total ? COMPARE_DIFFERENT : COMPARE_SAME;
}

static int compare(struct comparison *comparison, struct subject *subject)
{
	int r = set_rules(comparison, subject->rules);

	if (!r)
		r = read_traces(comparison, subject);
	if (!r)
		r = find_differences(comparison, subject);
	if (r)
		return r;
	comparison->expected = describe(&subject->expected);
	comparison->actual = describe(&subject->actual);
	comparison->verdict = find_verdict(comparison);
	comparison->alike = comparison->verdict == COMPARE_SAME ? 1 :
			    find_alike(subject);
	return 0;
}

int comparison_run(struct comparison *comparison, const char *expected,
		   const char *actual)
{
	struct subject subject = { .rules = rules_new(hash_new_seed()) };
	int r;

	trace_index_init(&subject.expected, expected, subject.rules);
	trace_index_init(&subject.actual, actual, subject.rules);
	if (!strcmp(expected, "-") && !strcmp(actual, "-")) {
		buffer_add_string(&comparison->error, "only one of the traces "
				  "can be standard input");
		r = -EINVAL;
	} else {
		r = compare(comparison, &subject);
	}
	trace_index_done(&subject.expected);
	trace_index_done(&subject.actual);
	hash_map_free(&subject.streams);
	rules_free(subject.rules);
	if (r)
		buffer_string(&comparison->error);
	return r;
}
