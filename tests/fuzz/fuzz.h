/*
 * What the fuzz targets share. A target is libFuzzer's LLVMFuzzerTestOneInput
 * on some bytes; `make fuzz` links it with libFuzzer, `make check` with
 * smoke.c, which has a mutator of its own. Most of what is fuzzed reads files,
 * so the bytes are put into one that has no name.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_file {
	int fd;		/* 0: not made yet */
	char path[32];
};

static inline void fuzz_expect(int is_so, const char *what)
{
	if (is_so)
		return;
	perror(what);
	abort();
}

/* The file, with these bytes and no others. */
static inline const char *fuzz_write(struct fuzz_file *file,
				     const uint8_t *data, size_t size)
{
	if (!file->fd) {
		file->fd = memfd_create("input", MFD_CLOEXEC);
		fuzz_expect(file->fd > 0, "memfd_create");
		snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d",
			 file->fd);
	}
	fuzz_expect(!ftruncate(file->fd, 0), "ftruncate");
	fuzz_expect(pwrite(file->fd, data, size, 0) == (ssize_t)size,
		    "pwrite");
	return file->path;
}

#endif
