#include "capture/guest_pages.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/memory.h"

#define PAGE_BYTES 4096u

/* Linux, Documentation/admin-guide/mm/pagemap.rst */
#define PAGEMAP_PRESENT (1ull << 63)
#define PAGEMAP_SWAPPED (1ull << 62)
#define PAGEMAP_FRAME ((1ull << 55) - 1)

void guest_pages_init(struct guest_pages *pages, pid_t tid)
{
	*pages = (struct guest_pages){ .tid = tid, .pagemap = -1 };
}

void guest_pages_done(struct guest_pages *pages)
{
	if (pages->pagemap >= 0)
		close(pages->pagemap);
}

static bool read_pagemap(struct guest_pages *pages, uint64_t hva,
			 uint64_t *ret_entry)
{
	char path[32];

	if (!pages->was_opened) {
		snprintf(path, sizeof(path), "/proc/%d/pagemap", pages->tid);
		pages->pagemap = open(path, O_RDONLY | O_CLOEXEC);
		pages->was_opened = true;
	}
	return pages->pagemap >= 0 &&
	       pread(pages->pagemap, ret_entry, sizeof(*ret_entry),
		     (off_t)(hva / PAGE_BYTES * sizeof(*ret_entry))) ==
		       sizeof(*ret_entry);
}

/* VmFlags of proc_pid_smaps(5): um, ui and uw are userfaultfd's. */
static bool has_managed_flag(const char *line)
{
	return strstr(line, " um") || strstr(line, " ui") ||
	       strstr(line, " uw");
}

/* From smaps, the mapping that holds hva: false when there is none. */
static bool look_up(struct guest_pages *pages, uint64_t hva, FILE *smaps)
{
	bool is_inside = false;
	char line[512];

	while (fgets(line, sizeof(line), smaps)) {
		uint64_t start, end;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &start, &end) ==
		    2) {
			pages->start = start;
			pages->end = end;
			is_inside = start <= hva && hva < end;
		} else if (is_inside && !strncmp(line, "VmFlags:", 8)) {
			pages->is_managed = has_managed_flag(line);
			return true;
		}
	}
	return false;
}

/* Of an absent page. Where it can't be told, it may be. */
static bool is_managed(struct guest_pages *pages, uint64_t hva)
{
	char path[32];
	FILE *smaps;

	if (pages->start <= hva && hva < pages->end)
		return pages->is_managed;
	snprintf(path, sizeof(path), "/proc/%d/smaps", pages->tid);
	smaps = fopen(path, "re");
	if (!smaps)
		return true;
	/* Where nothing is mapped, reading fails without waiting. */
	if (!look_up(pages, hva, smaps))
		pages->start = pages->end = pages->is_managed = 0;
	fclose(smaps);
	return pages->is_managed;
}

/* Would reading wait for somebody? A page that is there never does. */
static bool is_safe(struct guest_pages *pages, uint64_t hva)
{
	uint64_t entry;

	if (read_pagemap(pages, hva, &entry) &&
	    entry & (PAGEMAP_PRESENT | PAGEMAP_SWAPPED))
		return true;
	return !is_managed(pages, hva);
}

ssize_t guest_pages_read(void *context, uint64_t hva, void *bytes,
			 size_t length)
{
	struct guest_pages *pages = context;
	size_t done = 0;

	while (done < length) {
		size_t left = PAGE_BYTES - (hva + done) % PAGE_BYTES;
		size_t wanted = left < length - done ? left : length - done;
		size_t got;

		if (!is_safe(pages, hva + done))
			return done ? (ssize_t)done : -EAGAIN;
		got = memory_read(pages->tid, hva + done,
				  (uint8_t *)bytes + done, wanted);
		done += got;
		if (got < wanted)
			break;
	}
	return (ssize_t)done;
}

bool guest_pages_read_frame(void *context, uint64_t hva, uint64_t *ret_frame)
{
	uint64_t entry;

	if (!read_pagemap(context, hva, &entry) || !(entry & PAGEMAP_PRESENT))
		return false;
	*ret_frame = entry & PAGEMAP_FRAME;
	return true;
}
