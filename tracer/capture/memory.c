#include "capture/memory.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/uio.h>

#define PAGE_BYTES 4096

static size_t read_once(pid_t tid, uint64_t address, void *bytes, size_t length)
{
	struct iovec local = { bytes, length };
	struct iovec remote = { (void *)(uintptr_t)address, length };
	ssize_t got = process_vm_readv(tid, &local, 1, &remote, 1, 0);

	return got < 0 ? 0 : (size_t)got;
}

/*
 * One call serves nearly always. process_vm_readv(2) promises nothing about
 * how much of an element precedes a fault, so the rest is tried page by page.
 */
size_t memory_read(pid_t tid, uint64_t address, void *bytes, size_t length)
{
	size_t done = read_once(tid, address, bytes, length);

	while (done < length) {
		size_t left = PAGE_BYTES - (address + done) % PAGE_BYTES;
		size_t wanted = left < length - done ? left : length - done;
		size_t got = read_once(tid, address + done,
				       (char *)bytes + done, wanted);

		done += got;
		if (got < wanted)
			break;
	}
	return done;
}

int memory_write(pid_t tid, uint64_t address, const void *bytes, size_t length)
{
	struct iovec local = { (void *)(uintptr_t)bytes, length };
	struct iovec remote = { (void *)(uintptr_t)address, length };
	ssize_t done = process_vm_writev(tid, &local, 1, &remote, 1, 0);

	return done == (ssize_t)length ? 0 : done < 0 ? -errno : -EFAULT;
}

void memory_read_spans(pid_t tid, struct memory_span *spans, size_t count)
{
	struct iovec local[MEMORY_SPANS_MAX] = { 0 };
	struct iovec remote[MEMORY_SPANS_MAX] = { 0 };
	size_t wanted = 0;
	ssize_t got;

	for (size_t i = 0; i < count; i++) {
		local[i] = (struct iovec){ spans[i].bytes, spans[i].length };
		remote[i] = (struct iovec){
			(void *)(uintptr_t)spans[i].address, spans[i].length };
		wanted += spans[i].length;
	}
	got = process_vm_readv(tid, local, count, remote, count, 0);
	for (size_t i = 0; i < count; i++)
		spans[i].got = got == (ssize_t)wanted ? spans[i].length :
			memory_read(tid, spans[i].address, spans[i].bytes,
				    spans[i].length);
}

size_t memory_read_from(const struct memory_span *span, pid_t tid,
			uint64_t address, void *bytes, size_t length)
{
	uint64_t skip = span ? address - span->address : 0;

	if (!span || skip > span->got || length > span->got - skip)
		return span && span->is_all ? 0 :
			memory_read(tid, address, bytes, length);
	memcpy(bytes, (const char *)span->bytes + skip, length);
	return length;
}

int memory_read_string(pid_t tid, uint64_t address, char *text, size_t size)
{
	size_t done = 0;

	while (done < size - 1) {
		size_t left = PAGE_BYTES - (address + done) % PAGE_BYTES;
		size_t wanted = left < size - 1 - done ? left : size - 1 - done;
		size_t got = memory_read(tid, address + done, text + done,
					 wanted);
		char *end = memchr(text + done, '\0', got);

		if (end)
			return (int)(end - text);
		done += got;
		if (got < wanted)
			return -EFAULT;
	}
	text[done] = '\0';
	return (int)done;
}
