#include "sink/output.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PENDING_BYTES (64 * 1024)
#define PENDING_NS 100000000u

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void output_init(struct output *output, int fd)
{
	struct stat info;

	*output = (struct output){ .fd = fd };
	output->is_file = !fstat(fd, &info) && S_ISREG(info.st_mode);
	if (output->is_file)
		output->whole = lseek(fd, 0, SEEK_CUR);
	output->flushed_ns = now_ns();
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/*
 * The lines of the pending bytes that did reach the file stay, but for those
 * that take the room of what the format must write at its end.
 */
static void keep_whole_lines(struct output *output)
{
	off_t end = lseek(output->fd, 0, SEEK_CUR);
	off_t written = end - output->whole;

	if (!output->is_file || end < 0 || written < 0 ||
	    (size_t)written > output->pending.length)
		return;
	written -= written < output->reserve ? written : output->reserve;
	while (written > 0 && output->pending.data[written - 1] != '\n')
		written--;
	output->whole += written;
	if (!ftruncate(output->fd, output->whole))
		lseek(output->fd, output->whole, SEEK_SET);
}

void output_flush(struct output *output)
{
	int error;

	output->flushed_ns = now_ns();
	if (!output->pending.length || output->error)
		return;
	error = write_all(output->fd, output->pending.data,
			  output->pending.length);
	if (error) {
		output->error = -error;
		output->lost++;
		keep_whole_lines(output);
	} else {
		output->whole += (off_t)output->pending.length;
	}
	buffer_reset(&output->pending);
}

void output_write(struct output *output, const char *bytes, size_t length)
{
	if (output->error) {
		output->lost++;
		return;
	}
	buffer_add(&output->pending, bytes, length);
	if (!output->is_file || output->pending.length >= PENDING_BYTES ||
	    now_ns() - output->flushed_ns >= PENDING_NS)
		output_flush(output);
}

int output_done(struct output *output)
{
	output_flush(output);
	buffer_free(&output->pending);
	/* A file system may report a full disk as late as here. */
	if (close(output->fd) < 0 && !output->error)
		output->error = errno;
	return -output->error;
}
