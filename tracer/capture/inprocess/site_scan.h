/*
 * What can be known of the instructions around a `syscall` by decoding: x86
 * can't be read backwards, so starts are found by reading forwards from many
 * places before it. Part of site.c.
 */
#ifndef CAPTURE_INPROCESS_SITE_SCAN_H
#define CAPTURE_INPROCESS_SITE_SCAN_H

#include "capture/inprocess/site.h"

/*
 * Bit n: an instruction is certain to begin n bytes before the `syscall`;
 * n up to SITE_DISPLACED_MAX. From there on boundaries follow by decoding.
 */
uint32_t site_find_starts(const struct site_code *code);

/* Bit n: a direct branch leads to the byte n bytes before the `syscall`. */
uint32_t site_find_targets(const struct site_code *code);

#endif
