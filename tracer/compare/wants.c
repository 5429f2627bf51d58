#include "compare/wants.h"

#include <stdlib.h>

#include "base/log.h"

struct want {
	uint32_t event;
	struct kept *to;
};

void wants_add(struct wants *wants, uint32_t event, struct kept *to)
{
	struct want want = { event, to };

	if (event != INDEX_NONE)
		buffer_add(&wants->list, &want, sizeof(want));
}

static int compare_wants(const void *left, const void *right)
{
	const struct want *a = left, *b = right;

	return a->event < b->event ? -1 : a->event > b->event;
}

static void sort(struct wants *wants)
{
	struct want *list = (struct want *)wants->list.data;
	size_t count = wants->list.length / sizeof(*list);

	if (!count)
		return;
	qsort(list, count, sizeof(*list), compare_wants);
	wants->events = calloc(count, sizeof(*wants->events));
	wants->begins = calloc(count + 1, sizeof(*wants->begins));
	if (!wants->events || !wants->begins)
		log_die("out of memory: the values of events");
	for (size_t i = 0; i < count; i++) {
		if (i && list[i].event == list[i - 1].event)
			continue;
		wants->events[wants->event_count] = list[i].event;
		wants->begins[wants->event_count++] = i;
	}
	wants->begins[wants->event_count] = count;
}

static void keep_fact(void *context, const struct fact *fact)
{
	struct wants *wants = context;
	const struct want *list = (const struct want *)wants->list.data;

	for (size_t i = wants->begins[wants->current];
	     i < wants->begins[wants->current + 1]; i++)
		wants->bytes += kept_add(list[i].to, fact);
}

static normalise_visit *begin_event(void *context, size_t wanted)
{
	struct wants *wants = context;

	wants->current = wanted;
	return wants->bytes < WANTS_BYTES_MAX ? keep_fact : NULL;
}

int wants_read(struct wants *wants, struct trace_index *index,
	       struct buffer *error)
{
	sort(wants);
	return wants->event_count ?
	       trace_index_visit(index, wants->events, wants->event_count,
				 begin_event, wants, error) : 0;
}

void wants_free(struct wants *wants)
{
	buffer_free(&wants->list);
	free(wants->events);
	free(wants->begins);
}
