/*
 * The events as data for the page: every value that occurs stands there once.
 * A trace repeats itself so much that 100,000 events take some 10 MB this way.
 *
 *  - `shapes`: what objects and arrays look like. An object's is its keys, an
 *    array's a string with a character an element; `#` behind a key, or as the
 *    character, marks a number that stands for itself, `$` a node.
 *  - `nodes`: strings, true, false and null as they are; objects and arrays as
 *    [shape, number or node ...]; {"n": "…"} for a number that JavaScript
 *    would round. A node's parts stand before it.
 *  - `rows`: of each event its words (a node), its shape and what the shape
 *    says, one behind the other.
 *
 * All three are the bytes of JSON arrays without their brackets, safe inside
 * of <script>: ASCII, "<" escaped.
 */
#ifndef SINK_HTML_VALUES_H
#define SINK_HTML_VALUES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/hash.h"

/* The distinct texts of one list: numbers in order of first appearance. */
struct html_list {
	struct buffer text;	/* separated by commas */
	struct buffer parts;	/* where each stands in it */
	struct hash_map map;	/* from hashes to numbers */
	uint32_t count;
};

/* Zeroed but for the seed; released by html_values_free(). */
struct html_values {
	struct html_list shapes, nodes;
	struct buffer rows;
	struct buffer scratch;	/* a stack of what is under construction */
	uint64_t seed;
	size_t events;
};

/* The seed makes hashes unpredictable; no output depends on it. */
void html_values_init(struct html_values *values);
void html_values_free(struct html_values *values);

/*
 * Add an event; false: its data would exceed `max_bytes`, and then nothing was
 * added. Behind that the values take no more events.
 */
bool html_values_add(struct html_values *values, const json_t *event,
		     const char *words, size_t max_bytes);

#endif
