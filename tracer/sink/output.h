/*
 * Where bytes of a trace go: a descriptor, written at each line when somebody
 * may be reading along (pipe, terminal), in large pieces to a file. Trouble
 * (a full disk, a closed pipe) is remembered, never fatal: the traced program
 * goes on, and what is in the file ends with a whole line.
 */
#ifndef SINK_OUTPUT_H
#define SINK_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"

struct output {
	int fd;
	bool is_file;		/* regular: may be cut back to the last line */
	struct buffer pending;
	off_t whole;		/* the file's length up to its last whole line */
	uint64_t flushed_ns;
	int error;		/* 0, or the errno of the first failed write */
	uint64_t lost;		/* pieces that were not written since */
	unsigned int reserve;	/* bytes to leave room for on a full device */
};

/* Takes over the descriptor. */
void output_init(struct output *output, int fd);

/* Write one whole line (or several); after an error, count it as lost. */
void output_write(struct output *output, const char *bytes, size_t length);

/* Write what is pending. */
void output_flush(struct output *output);

/* Flush and close; 0 or -errno of the first trouble. */
int output_done(struct output *output);

#endif
