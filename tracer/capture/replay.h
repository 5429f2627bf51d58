/*
 * Replay: a capture engine whose records come from a file. The same decoder
 * then makes the same trace on a machine without KVM.
 */
#ifndef CAPTURE_REPLAY_H
#define CAPTURE_REPLAY_H

#include "capture/capture.h"

/*
 * 0 or -errno; *ret_capture is set in either case, so that replay_error() can
 * tell what is wrong. *ret_start borrows from it.
 */
int replay_open(const char *path, struct capture **ret_capture,
		struct record_start *ret_start);

/* A sentence about the last error, with the line of the file. */
const char *replay_error(const struct capture *capture);

#endif
