/*
 * One convention for all that people read: which families of names have
 * numbers that are known in hex, as MSRs and CPUID leaves.
 */
#ifndef SINK_TEXT_HEX_H
#define SINK_TEXT_HEX_H

#include "abi/abi.h"

bool text_hex_has_family(const struct abi_names *names);

#endif
