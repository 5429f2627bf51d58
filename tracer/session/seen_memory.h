/*
 * Guest memory as one record has it: the pages that were copied as the guest
 * was looked at, and no others.
 */
#ifndef SESSION_SEEN_MEMORY_H
#define SESSION_SEEN_MEMORY_H

#include "guest/guest.h"
#include "session/vm_state.h"

/* Borrows both. */
struct guest_memory seen_memory(const struct record *record,
				const struct vm_state *vm);

/* Was it tried to read the page at this guest address, in vain? */
bool seen_unreadable(const struct record *record, const struct vm_state *vm,
		     uint64_t gpa);

#endif
