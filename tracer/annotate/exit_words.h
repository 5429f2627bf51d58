/* A VM exit in a few words, from the bytes of kvm_run in a record. */
#ifndef ANNOTATE_EXIT_WORDS_H
#define ANNOTATE_EXIT_WORDS_H

#include "base/buffer.h"
#include "record/record.h"

/* E.g. "KVM_EXIT_IO: 1 byte out to port 0xe9". */
void exit_words_add(struct buffer *out, const struct record *record);

#endif
