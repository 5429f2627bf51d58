/* Statistics of a live trace, which go to standard error at its end. */
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "sink/sink.h"
#include "sink/statistics.h"

struct statistics_sink {
	struct line_sink head;
	struct line_sink *next;
	struct statistics *statistics;
	bool has_colour;
};

static void take_line(struct line_sink *sink, const char *json, size_t length)
{
	struct statistics_sink *own = (struct statistics_sink *)sink;
	json_t *event = json_loadb(json, length, JSON_ALLOW_NUL, NULL);

	if (!event)
		log_die("a line of ours is no JSON: %.*s", (int)length, json);
	statistics_event(own->statistics, event);
	json_decref(event);
	if (own->next)
		own->next->ops->line(own->next, json, length);
}

/* Nobody is told when standard error is gone: there is nowhere to say so. */
static void print(struct statistics_sink *own)
{
	struct buffer text = BUFFER_EMPTY;
	ssize_t written;
	size_t done = 0;

	statistics_sort(own->statistics);
	statistics_add_text(&text, own->statistics, own->has_colour);
	do {
		written = write(STDERR_FILENO, text.data + done,
				text.length - done);
		done += written > 0 ? (size_t)written : 0;
	} while (written > 0 && done < text.length);
	buffer_free(&text);
}

static void finish(struct line_sink *sink)
{
	struct statistics_sink *own = (struct statistics_sink *)sink;

	if (own->next)
		own->next->ops->finish(own->next);
	print(own);
	statistics_free(own->statistics);
	free(own);
}

struct line_sink *statistics_sink_new(struct line_sink *next, bool has_colour)
{
	static const struct line_sink_ops ops = { take_line, finish };
	struct statistics_sink *sink = calloc(1, sizeof(*sink));

	if (!sink)
		log_die("out of memory: the statistics");
	sink->head.ops = &ops;
	sink->next = next;
	sink->statistics = statistics_new();
	sink->has_colour = has_colour;
	return &sink->head;
}
