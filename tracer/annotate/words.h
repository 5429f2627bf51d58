/*
 * Words for people, and for the trace's names: errors, signals, descriptors.
 */
#ifndef ANNOTATE_WORDS_H
#define ANNOTATE_WORDS_H

#include <stdint.h>

#include "base/buffer.h"
#include "record/record.h"
#include "session/session.h"

/* "EINVAL"; the kernel's own restart codes included. Never NULL. */
const char *words_errno(int64_t error);
/* "SIGINT", "SIGRTMIN+3"; written into `text`. */
const char *words_signal(int signal, char text[24]);

/* "vm0/vcpu0", "vm0", "kvm" (/dev/kvm), "device2", or the link of another file. */
void words_add_object(struct buffer *out, const struct session_object *object,
		      const struct record_file *file);

/* "KVM_RUN", or "request 0x1234" where the request has no name. */
void words_add_request(struct buffer *out, const struct record *record,
		       const struct abi_ioctl *row);

#endif
