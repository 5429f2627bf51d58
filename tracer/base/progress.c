#include "base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FIRST_NS 1000000000u
#define AGAIN_NS 200000000u
#define EVENTS_A_LOOK 64

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void progress_begin(struct progress *progress, const char *path,
		    bool is_wanted)
{
	const char *terminal = getenv("TERM");
	struct stat info;

	*progress = (struct progress){ .begin_ns = now_ns() };
	progress->next_ns = progress->begin_ns + FIRST_NS;
	/* A dumb terminal can't erase a line. */
	progress->is_wanted = is_wanted && isatty(STDERR_FILENO) &&
			      terminal && strcmp(terminal, "dumb");
	if (strcmp(path, "-") ? !stat(path, &info)
			      : !fstat(STDIN_FILENO, &info))
		progress->total_bytes = S_ISREG(info.st_mode) ?
					(uint64_t)info.st_size : 0;
}

/* Erased by ECMA-48's "erase in line", so no shorter line leaves a rest. */
static void show(struct progress *progress, uint64_t now)
{
	double seconds = (double)(now - progress->begin_ns) / 1e9;
	double part = progress->total_bytes ?
		(double)progress->bytes / (double)progress->total_bytes : 0;

	fprintf(stderr, "\r\x1b[K%llu events, %.0f a second",
		(unsigned long long)progress->events,
		(double)progress->events / seconds);
	/* A file that grows may be longer by now than it was. */
	if (part > 0 && part <= 1)
		fprintf(stderr, ", %.0f%%, %.0f s left", part * 100,
			seconds / part - seconds);
	fflush(stderr);
	progress->is_shown = true;
}

void progress_add(struct progress *progress, uint64_t bytes)
{
	uint64_t now;

	progress->events++;
	progress->bytes += bytes;
	if (!progress->is_wanted || progress->events % EVENTS_A_LOOK)
		return;
	now = now_ns();
	if (now < progress->next_ns)
		return;
	progress->next_ns = now + AGAIN_NS;
	show(progress, now);
}

void progress_clear(struct progress *progress)
{
	if (!progress->is_shown)
		return;
	fputs("\r\x1b[K", stderr);
	fflush(stderr);
	progress->is_shown = false;
}
