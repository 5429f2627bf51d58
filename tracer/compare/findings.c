#include "compare/findings.h"

#include <stdlib.h>

#include "base/log.h"

/* So far the next event that is paired is looked for. */
#define NEAR_MAX 64

/* One stream of one trace, and what it is compared with. */
struct strand {
	const struct index_event *events;
	const uint32_t *order;	/* the stream's events */
	size_t count;
	size_t end;		/* behind it nothing is said */
	const uint32_t *others;	/* the stream in the other trace */
	size_t other_count;
};

static void add(struct findings *findings, const struct finding *finding)
{
	if (++findings->total > FINDINGS_MAX)
		return;
	if (findings->count == findings->capacity) {
		findings->capacity = findings->capacity * 2 + 16;
		findings->list = reallocarray(findings->list,
					      findings->capacity,
					      sizeof(*findings->list));
		if (!findings->list)
			log_die("out of memory: the differences");
	}
	findings->list[findings->count++] = *finding;
}

static bool is_aligned(const struct index_event *event)
{
	return event->pairing == PAIRED_EQUAL ||
	       event->pairing == PAIRED_CHANGED;
}

static const struct index_event *event_at(const struct strand *strand,
					  size_t position)
{
	return &strand->events[strand->order[position]];
}

/* Up to where the stream can be compared when the other trace breaks off. */
static size_t find_end(const struct strand *strand, bool is_other_complete)
{
	size_t end = strand->count;

	while (!is_other_complete && end &&
	       !event_at(strand, end - 1)->pairing)
		end--;
	return end;
}

/* By how much what counts only where both have it differs. */
static uint64_t find_optional(const struct index_event *expected,
			      const struct index_event *actual)
{
	return expected->optional && actual->optional ?
	       actual->optional - expected->optional : 0;
}

/* A change of the same values by the same call in a stream is said once: the hashes are
 * sums, so that their difference tells what changed. */
static void add_changed(struct findings *findings, const struct strand *strand,
			size_t position, const struct index_event *others)
{
	uint32_t a = strand->order[position];
	const struct index_event *event = &strand->events[a];
	uint64_t change = others[event->match].exact - event->exact +
			  find_optional(event, &others[event->match]);
	uint32_t *index = hash_map_at(&findings->changes,
				      hash_mix(hash_mix(change, event->stream),
					       event->coarse),
				      INDEX_NONE);

	if (*index < findings->count) {
		struct finding *first = &findings->list[*index];

		first->a_last = a;
		first->b_last = event->match;
		first->count++;
		return;
	}
	*index = (uint32_t)findings->count;
	add(findings, &(struct finding){
		.kind = DIFFERENCE_CHANGED, .a = a, .a_last = a,
		.b = event->match, .b_last = event->match,
		.near = INDEX_NONE, .at = event->match, .count = 1,
	});
}

/* Events of one kind in a row that are missing (or extra) are one finding. */
static size_t run_length(const struct strand *strand, size_t position)
{
	const struct index_event *first = event_at(strand, position);
	size_t end = position + 1;

	while (end < strand->end && !event_at(strand, end)->pairing &&
	       event_at(strand, end)->fine == first->fine)
		end++;
	return end - position;
}

/* Where it would be in the other trace: behind the pair before it. */
static void find_near(const struct strand *strand, uint32_t before,
		      struct finding *finding)
{
	if (before != INDEX_NONE)
		finding->near = strand->events[before].match;
	else if (strand->other_count)
		finding->near = strand->others[0];
	finding->is_behind = before != INDEX_NONE;
}

static size_t add_unpaired(struct findings *findings,
			   const struct strand *strand, size_t position,
			   uint32_t before, enum difference_kind kind)
{
	size_t length = run_length(strand, position);
	struct finding finding = {
		.kind = kind, .a = INDEX_NONE, .b = INDEX_NONE,
		.a_last = INDEX_NONE, .b_last = INDEX_NONE,
		.near = INDEX_NONE, .count = length,
	};
	uint32_t first = strand->order[position];
	uint32_t last = strand->order[position + length - 1];

	find_near(strand, before, &finding);
	if (kind == DIFFERENCE_MISSING) {
		finding.a = first;
		finding.a_last = last;
		finding.at = finding.near;
	} else {
		finding.b = first;
		finding.b_last = last;
		finding.at = first;
	}
	add(findings, &finding);
	return length;
}

/* Which neighbour of what was moved is now on its other side? */
static void find_passed(const struct strand *strand, size_t end,
			uint32_t before, struct finding *finding)
{
	for (size_t i = end; i < strand->count && i < end + NEAR_MAX; i++) {
		const struct index_event *next = event_at(strand, i);

		if (!is_aligned(next))
			continue;
		if (next->match < finding->b) {
			finding->near = strand->order[i];
			finding->is_behind = true;
			return;
		}
		break;
	}
	if (before != INDEX_NONE && strand->events[before].match > finding->b)
		finding->near = before;
}

static size_t add_moved(struct findings *findings, const struct strand *strand,
			size_t position, uint32_t before)
{
	size_t end = position + 1;
	struct finding finding = {
		.kind = DIFFERENCE_MOVED, .near = INDEX_NONE,
		.a = strand->order[position],
	};

	while (end < strand->count &&
	       event_at(strand, end)->pairing == PAIRED_MOVED &&
	       event_at(strand, end)->match >
	       event_at(strand, end - 1)->match)
		end++;
	finding.a_last = strand->order[end - 1];
	finding.b = finding.at = event_at(strand, position)->match;
	finding.b_last = event_at(strand, end - 1)->match;
	finding.count = end - position;
	find_passed(strand, end, before, &finding);
	add(findings, &finding);
	return end - position;
}

/* What is missing, changed or moved, as seen from the expected trace. */
static void find_expected(struct findings *findings,
			  const struct strand *strand,
			  const struct index_event *others)
{
	uint32_t before = INDEX_NONE;

	for (size_t i = 0; i < strand->end; ) {
		const struct index_event *event = event_at(strand, i);

		if (event->pairing == PAIRED_NOT) {
			i += add_unpaired(findings, strand, i, before,
					  DIFFERENCE_MISSING);
			continue;
		}
		if (event->pairing == PAIRED_MOVED) {
			i += add_moved(findings, strand, i, before);
			continue;
		}
		if (event->pairing == PAIRED_CHANGED ||
		    find_optional(event, &others[event->match]))
			add_changed(findings, strand, i, others);
		before = strand->order[i++];
	}
}

static void find_extra(struct findings *findings, const struct strand *strand)
{
	uint32_t before = INDEX_NONE;

	for (size_t i = 0; i < strand->end; ) {
		if (!event_at(strand, i)->pairing) {
			i += add_unpaired(findings, strand, i, before,
					  DIFFERENCE_EXTRA);
			continue;
		}
		if (is_aligned(event_at(strand, i)))
			before = strand->order[i];
		i++;
	}
}

static struct strand strand_of(const struct trace_index *index,
			       const struct streams *streams,
			       const struct streams *others, uint32_t stream)
{
	return (struct strand){
		.events = index->events,
		.order = streams->order + streams->begins[stream],
		.count = streams->begins[stream + 1] - streams->begins[stream],
		.others = others->order + others->begins[stream],
		.other_count = others->begins[stream + 1] -
			       others->begins[stream],
	};
}

static bool is_whole(const struct trace_index *index)
{
	return index->has_end && !index->is_truncated;
}

void findings_find(struct findings *findings,
		   const struct trace_index *expected,
		   const struct trace_index *actual, const struct streams *a,
		   const struct streams *b)
{
	for (uint32_t i = 0; i < a->count; i++) {
		struct strand strand = strand_of(expected, a, b, i);

		strand.end = find_end(&strand, is_whole(actual));
		find_expected(findings, &strand, actual->events);
		strand = strand_of(actual, b, a, i);
		strand.end = find_end(&strand, is_whole(expected));
		find_extra(findings, &strand);
	}
}

/* By threads, the calls on vCPUs seen so far: of the expected events that
 * they go with, the last (or, backwards, the first). */
struct watch {
	uint32_t *seen;
	bool is_backwards;
};

/* A call that isn't on a vCPU: the expected event that it should be on the
 * other side of, or INDEX_NONE. One that is notes itself. */
static uint32_t see(struct watch *watch, const struct index_event *event)
{
	uint32_t *seen = &watch->seen[event->thread];
	bool is_beyond = *seen != INDEX_NONE && *seen != event->match &&
			 (*seen > event->match) != watch->is_backwards;

	if (!event->thread || !is_aligned(event) ||
	    (event->flags & (EVENT_DERIVED | EVENT_IGNORED)))
		return INDEX_NONE;
	if (!(event->flags & EVENT_ON_VCPU))
		return is_beyond ? *seen : INDEX_NONE;
	if (!is_beyond)
		*seen = event->match;
	return INDEX_NONE;
}

static void note_passed(const struct trace_index *actual, size_t threads,
			bool is_backwards, uint32_t *passed)
{
	struct watch watch = { malloc(threads * sizeof(uint32_t)),
			       is_backwards };

	if (!watch.seen)
		log_die("out of memory: comparing the order");
	memset(watch.seen, 0xff, threads * sizeof(uint32_t));
	for (size_t i = 0; i < actual->count; i++) {
		size_t at = is_backwards ? actual->count - 1 - i : i;
		uint32_t found = see(&watch, &actual->events[at]);

		if (found != INDEX_NONE)
			passed[at] = found;
	}
	free(watch.seen);
}

/* Those in a row that passed are one finding. */
static void add_passed(struct findings *findings,
		       const struct trace_index *actual,
		       const uint32_t *passed)
{
	for (size_t i = 0, end; i < actual->count; i = end) {
		uint32_t a = actual->events[i].match;

		end = i + 1;
		if (passed[i] == INDEX_NONE)
			continue;
		while (end < actual->count && passed[end] != INDEX_NONE)
			end++;
		add(findings, &(struct finding){
			.kind = DIFFERENCE_MOVED, .a = a, .b = (uint32_t)i,
			.a_last = actual->events[end - 1].match,
			.b_last = (uint32_t)end - 1,
			.near = passed[i], .is_behind = passed[i] > a,
			.at = (uint32_t)i, .count = end - i,
		});
	}
}

void findings_find_order(struct findings *findings,
			 const struct trace_index *actual)
{
	uint32_t *passed = malloc((actual->count + 1) * sizeof(*passed));
	size_t threads = 1;

	if (!passed)
		log_die("out of memory: comparing the order");
	memset(passed, 0xff, actual->count * sizeof(*passed));
	for (size_t i = 0; i < actual->count; i++)
		if (actual->events[i].thread >= threads)
			threads = actual->events[i].thread + 1;
	note_passed(actual, threads, false, passed);
	note_passed(actual, threads, true, passed);
	add_passed(findings, actual, passed);
	free(passed);
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->a < b->a ? -1 : a->a > b->a;
}

void findings_sort(struct findings *findings)
{
	if (findings->count)
		qsort(findings->list, findings->count,
		      sizeof(*findings->list), compare_findings);
}

void findings_free(struct findings *findings)
{
	hash_map_free(&findings->changes);
	free(findings->list);
}
