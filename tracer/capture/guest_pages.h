/*
 * Guest memory in the traced process. Its pages need care: a guest's page that
 * is absent and managed by userfaultfd(2) is filled by a thread of the program,
 * which may itself be waiting for the tracer. Such pages are not touched.
 */
#ifndef CAPTURE_GUEST_PAGES_H
#define CAPTURE_GUEST_PAGES_H

#include <stdbool.h>
#include <sys/types.h>

#include "record/program_memory.h"

/* Opened at the first use, closed by guest_pages_done(). */
struct guest_pages {
	pid_t tid;
	bool was_opened;
	int pagemap;		/* of the process; -1: not to be had */
	/* The mapping that an absent page was looked up in last. */
	uint64_t start, end;
	bool is_managed;	/* … by userfaultfd */
};

void guest_pages_init(struct guest_pages *pages, pid_t tid);
void guest_pages_done(struct guest_pages *pages);

/* As of struct program_memory; `context` is a struct guest_pages. */
ssize_t guest_pages_read(void *context, uint64_t hva, void *bytes,
			size_t length);
bool guest_pages_read_frame(void *context, uint64_t hva, uint64_t *ret_frame);

#endif
