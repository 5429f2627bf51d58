/*
 * Bounded copies from the memory of a traced process. Addresses and lengths
 * come from it and may be anything: what can't be read is left out, never
 * guessed.
 */
#ifndef CAPTURE_MEMORY_H
#define CAPTURE_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Bytes read from the start, 0 … length: up to the first unreadable page. */
size_t memory_read(pid_t tid, uint64_t address, void *bytes, size_t length);

/* A NUL-terminated string, cut at size - 1: its length, or -EFAULT. */
int memory_read_string(pid_t tid, uint64_t address, char *text, size_t size);

#endif
