/* What the writers of the different lines share. */
#ifndef SINK_EVENT_INTERNAL_H
#define SINK_EVENT_INTERNAL_H

#include "sink/event.h"

/* Open the object with the keys that every line has. */
void event_begin(struct json_writer *json, const char *type, uint64_t seq,
		 uint64_t ts_ns);
/* `on` and the ids of what a descriptor stands for. */
void event_add_object(struct json_writer *json,
		      const struct session_object *object);
/* `ret`, and `errno` when it is an error. */
void event_add_result(struct json_writer *json, int64_t result);
/* The KVM descriptor that the call made, and what it stands for. */
void event_add_made(struct json_writer *json, const struct record *record,
		    const struct session_view *view);
/* `guest`, when the view has the guest. */
void event_add_guest(struct json_writer *json, const struct session_view *view);
void event_add_caller(struct json_writer *json,
		      const struct record_caller *caller);
/* `notes`, when there are any. */
void event_add_notes(struct json_writer *json, const struct notes *notes);

#endif
