#include "compare/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "compare/align.h"

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		log_die("out of memory: comparing");
	return memory;
}

/* NONE at first, then the only one, then SEVERAL. */
#define SEVERAL (INDEX_NONE - 1)

static void note_only(uint32_t *only, uint32_t one)
{
	*only = *only == INDEX_NONE || *only == one ? one : SEVERAL;
}

static uint32_t most_threads(const struct trace_index *index, uint32_t most)
{
	for (size_t i = 0; i < index->count; i++)
		if (index->events[i].thread > most)
			most = index->events[i].thread;
	return most;
}

static bool is_in_thread(const struct index_event *event)
{
	return event->thread && !(event->flags & EVENT_DERIVED);
}

static void note_threads(const struct trace_index *index, uint32_t *of_thread,
			 uint32_t *of_stream)
{
	for (size_t i = 0; i < index->count; i++) {
		const struct index_event *event = &index->events[i];

		if (!is_in_thread(event) || !(event->flags & EVENT_ON_VCPU))
			continue;
		note_only(&of_thread[event->thread], event->stream);
		note_only(&of_stream[event->stream], event->thread);
	}
}

static void merge_into(struct trace_index *index, const uint32_t *of_thread,
		       const uint32_t *of_stream)
{
	for (size_t i = 0; i < index->count; i++) {
		struct index_event *event = &index->events[i];
		uint32_t stream = of_thread[event->thread];

		if (is_in_thread(event) && stream < SEVERAL &&
		    of_stream[stream] == event->thread)
			event->stream = stream;
	}
}

void streams_merge(struct trace_index *expected, struct trace_index *actual,
		   uint32_t stream_count)
{
	size_t threads = (size_t)most_threads(actual,
					      most_threads(expected, 0)) + 1;
	uint32_t *of_thread = allocate(threads, sizeof(*of_thread));
	uint32_t *of_stream = allocate(stream_count, sizeof(*of_stream));

	memset(of_thread, 0xff, threads * sizeof(*of_thread));
	memset(of_stream, 0xff, stream_count * sizeof(*of_stream));
	note_threads(expected, of_thread, of_stream);
	note_threads(actual, of_thread, of_stream);
	merge_into(expected, of_thread, of_stream);
	merge_into(actual, of_thread, of_stream);
	free(of_stream);
	free(of_thread);
}

void streams_sort(struct streams *streams, struct trace_index *index,
		  uint32_t stream_count, bool is_global)
{
	uint32_t *begins = allocate((size_t)stream_count + 2, sizeof(*begins));

	streams->order = allocate(index->count, sizeof(*streams->order));
	streams->begins = begins;
	streams->count = stream_count;
	for (size_t i = 0; i < index->count; i++) {
		struct index_event *event = &index->events[i];

		if (is_global && !(event->flags & EVENT_DERIVED))
			event->stream = 0;
		if (!(event->flags & EVENT_IGNORED))
			begins[event->stream + 2]++;
	}
	for (uint32_t i = 2; i <= stream_count + 1; i++)
		begins[i] += begins[i - 1];
	/* begins[n + 1] counts up to where stream n ends. */
	for (size_t i = 0; i < index->count; i++)
		if (!(index->events[i].flags & EVENT_IGNORED))
			streams->order[begins[index->events[i].stream + 1]++] =
				(uint32_t)i;
}

void streams_free(struct streams *streams)
{
	free(streams->order);
	free(streams->begins);
}

/* Some events of each trace, by their indices, in order. */
struct parts {
	const uint32_t *a, *b;
	size_t a_count, b_count;
};

/* How much has to be equal for two events to be paired. */
enum level {
	LEVEL_EXACT,
	LEVEL_FINE,
	LEVEL_COARSE,
	LEVEL_NONE,
};

struct pairing {
	struct trace_index *expected, *actual;
};

static uint64_t *find_keys(const struct trace_index *index,
			   const uint32_t *events, size_t count,
			   enum level level)
{
	uint64_t *keys = allocate(count, sizeof(*keys));

	for (size_t i = 0; i < count; i++) {
		const struct index_event *event = &index->events[events[i]];

		keys[i] = level == LEVEL_EXACT ? event->exact :
			  level == LEVEL_FINE ? event->fine : event->coarse;
	}
	return keys;
}

static void pair(struct pairing *pairing, uint32_t a, uint32_t b,
		 enum index_pairing how)
{
	pairing->expected->events[a].match = b;
	pairing->expected->events[a].pairing = (uint8_t)how;
	pairing->actual->events[b].match = a;
	pairing->actual->events[b].pairing = (uint8_t)how;
}

static void align_parts(struct pairing *pairing, struct parts parts,
			enum level level)
{
	uint64_t *a = find_keys(pairing->expected, parts.a, parts.a_count,
				level);
	uint64_t *b = find_keys(pairing->actual, parts.b, parts.b_count,
				level);
	uint32_t *matches = allocate(parts.a_count, sizeof(*matches));

	align_sequences((struct align_side){ a, parts.a_count },
			(struct align_side){ b, parts.b_count }, matches);
	for (size_t i = 0; i < parts.a_count; i++)
		if (matches[i] != ALIGN_NONE)
			pair(pairing, parts.a[i], parts.b[matches[i]],
			     level == LEVEL_EXACT ? PAIRED_EQUAL
						  : PAIRED_CHANGED);
	free(matches);
	free(b);
	free(a);
}

/* In both an event that nothing is aligned with, of the same meaning: it was
 * moved. Of several the first that are left. */
static void pair_moved(struct pairing *pairing, struct parts parts)
{
	const struct index_event *expected = pairing->expected->events;
	const struct index_event *actual = pairing->actual->events;
	uint32_t *next = allocate(parts.b_count, sizeof(*next));
	struct hash_map firsts = { 0 };

	for (size_t i = parts.b_count; i--; ) {
		uint32_t *first;

		if (actual[parts.b[i]].pairing)
			continue;
		first = hash_map_at(&firsts, actual[parts.b[i]].exact,
				    INDEX_NONE);
		next[i] = *first;
		*first = (uint32_t)i;
	}
	for (size_t i = 0; firsts.count && i < parts.a_count; i++) {
		uint32_t *first = expected[parts.a[i]].pairing ? NULL :
			hash_map_find(&firsts, expected[parts.a[i]].exact);
		uint32_t b = first ? *first : INDEX_NONE;

		if (b == INDEX_NONE)
			continue;
		*first = next[b];
		pair(pairing, parts.a[i], parts.b[b], PAIRED_MOVED);
	}
	hash_map_free(&firsts);
	free(next);
}

/* The ones that nothing goes with yet, up to one that is aligned. */
static size_t take_unpaired(const struct index_event *events,
			    const uint32_t *indices, size_t count,
			    uint32_t *unpaired, size_t *ret_unpaired)
{
	size_t i = 0;

	*ret_unpaired = 0;
	for (; i < count; i++) {
		if (events[indices[i]].pairing == PAIRED_NOT)
			unpaired[(*ret_unpaired)++] = indices[i];
		else if (events[indices[i]].pairing != PAIRED_MOVED)
			break;
	}
	return i;
}

static void pair_gaps(struct pairing *pairing, struct parts parts,
		      enum level level);

static void pair_level(struct pairing *pairing, struct parts parts,
		       enum level level)
{
	if (!parts.a_count || !parts.b_count || level == LEVEL_NONE)
		return;
	align_parts(pairing, parts, level);
	if (level == LEVEL_EXACT)
		pair_moved(pairing, parts);
	pair_gaps(pairing, parts, level + 1);
}

/* Between those that are aligned, the others by less that has to be equal. */
static void pair_gaps(struct pairing *pairing, struct parts parts,
		      enum level level)
{
	uint32_t *a = allocate(parts.a_count, sizeof(*a));
	uint32_t *b = allocate(parts.b_count, sizeof(*b));
	struct parts gap = { a, b, 0, 0 };
	size_t i = 0, j = 0;

	while (i < parts.a_count || j < parts.b_count) {
		i += take_unpaired(pairing->expected->events, parts.a + i,
				   parts.a_count - i, a, &gap.a_count);
		j += take_unpaired(pairing->actual->events, parts.b + j,
				   parts.b_count - j, b, &gap.b_count);
		pair_level(pairing, gap, level);
		/* Over the pair that ended both. */
		i++;
		j++;
	}
	free(a);
	free(b);
}

void pairing_find(struct trace_index *expected, struct trace_index *actual,
		  const struct streams *a, const struct streams *b)
{
	struct pairing pairing = { expected, actual };

	for (uint32_t i = 0; i < a->count; i++)
		pair_level(&pairing, (struct parts){
			a->order + a->begins[i], b->order + b->begins[i],
			a->begins[i + 1] - a->begins[i],
			b->begins[i + 1] - b->begins[i],
		}, LEVEL_EXACT);
}
