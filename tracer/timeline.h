/*
 * From records to the lines of a trace: asks the session what a record means,
 * has it described, numbers it, and gives the line to a sink. The one place
 * where the stations behind capture are joined; engines and formats plug in on
 * either side.
 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "selection.h"
#include "record/record.h"
#include "sink/sink.h"

struct timeline;

struct timeline_options {
	bool flow;
	uint64_t max_events;	/* lines between start and end; 0: no limit */
	struct selection selection;
	const uint16_t *console_ports;	/* beside the usual ones */
	size_t console_port_count;
};

/* Borrows all three. */
struct timeline *timeline_new(const struct timeline_options *options,
			      struct session *session, struct line_sink *sink);
void timeline_start(struct timeline *timeline,
		    const struct record_start *start);
void timeline_record(struct timeline *timeline, const struct record *record);
void timeline_end(struct timeline *timeline, const struct record_end *end);
void timeline_free(struct timeline *timeline);

#endif
