/* A VM exit in a few words, from the bytes of kvm_run in a record. */
#ifndef ANNOTATE_EXIT_WORDS_H
#define ANNOTATE_EXIT_WORDS_H

#include "base/buffer.h"
#include "record/record.h"
#include "session/session.h"

/*
 * E.g. "KVM_EXIT_IO: 1 byte out to port 0xe9 (debug console)". Both are for
 * runs that have an exit.
 */
void exit_words_add(struct buffer *out, const struct record *record,
		    const struct session_view *view);

/* What is left for the program to do, e.g. "write 1 byte at kvm_run + 0x1000". */
void exit_words_add_next(struct buffer *out, const struct record *record);

#endif
