/*
 * Guest memory as one record has it: the pages that were copied as the guest
 * was looked at, and no others.
 */
#ifndef SESSION_SEEN_MEMORY_H
#define SESSION_SEEN_MEMORY_H

#include "guest/guest.h"
#include "session/vm_state.h"

/* Borrows both; `vm` may be NULL. */
struct guest_memory seen_memory(const struct record *record,
				const struct vm_state *vm);

/* Returns how many bytes from this address of the program on the record has. */
size_t seen_read(const struct record *record, uint64_t hva, void *bytes,
		 size_t length);

/* Was it tried to read the page at this guest address, in vain? */
bool seen_unreadable(const struct record *record, const struct vm_state *vm,
		     uint64_t gpa);

/* A slot whose memory was no longer to be read behind the call; NULL: none. */
const struct guest_slot *seen_gone(const struct record *record,
				   const struct vm_state *vm);

/* The slot of this guest address, when that was so of its memory there. */
const struct guest_slot *seen_gone_at(const struct record *record,
				      const struct vm_state *vm, uint64_t gpa);

#endif
