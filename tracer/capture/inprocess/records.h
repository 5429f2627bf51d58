/* From what the agent wrote to the record that the ptrace engine would make. */
#ifndef CAPTURE_INPROCESS_RECORDS_H
#define CAPTURE_INPROCESS_RECORDS_H

#include "capture/engine.h"
#include "capture/inprocess/ring.h"

/*
 * Fill *ret, but for the times, with a call of this thread; all of it is what
 * the program's memory said and may be a lie about the program itself.
 */
void records_fill(struct engine *engine, const struct thread *thread,
		  const struct ring_record *from, struct record *ret);

#endif
