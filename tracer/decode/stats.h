/*
 * What a statistics descriptor says about itself (api.rst 4.133): a header,
 * and a descriptor with a name for each figure. The figures themselves change
 * all the time and stay with the program that reads them.
 */
#ifndef DECODE_STATS_H
#define DECODE_STATS_H

#include "base/json_writer.h"
#include "record/record.h"

/* As object `out`, from the record's PART_STATS; nothing when it has none. */
void decode_stats(struct json_writer *json, const struct record *record);

#endif
