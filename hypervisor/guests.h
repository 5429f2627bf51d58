/*
 * The guest that is to run: one of those that are part of hv, by its name, or
 * a flat image on disk, by its path. An image is copied to guest physical 0,
 * which is also where it starts.
 */
#ifndef HYPERVISOR_GUESTS_H
#define HYPERVISOR_GUESTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "modes.h"

#define GUEST_DEFAULT "hello"

/* Whether guests_load() knows the name, or it could be meant as a path. */
bool guests_know(const char *name);

/* The names of the guests within hv, separated by commas. */
void guests_print_names(FILE *out);

/*
 * Copies the guest's image of the mode's width to memory; a name of a guest
 * within hv goes before a file's. Returns 0, or -errno after a message when
 * the file can't be read, is empty, or has more than mode->room bytes.
 */
int guests_load(const char *name, const struct mode *mode, uint8_t *memory);

#endif
