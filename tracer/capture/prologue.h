/*
 * Unwinding without tables: musl's libc is built without them. A wrapper is
 * short and straight, so following the stack pointer through its instructions
 * tells how far above it the return address is.
 */
#ifndef CAPTURE_PROLOGUE_H
#define CAPTURE_PROLOGUE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The bytes between the stack pointer behind `code` and at its start, which is
 * the function's first byte; `word` is 4 or 8. -ENODATA when the code returns
 * in between, sets the stack pointer in another way than by constants, or is
 * no code.
 */
int prologue_measure(const uint8_t *code, size_t length, uint8_t word,
		     int32_t *ret_depth);

#endif
