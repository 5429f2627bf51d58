/*
 * What KVM's answer to KVM_CHECK_EXTENSION means, in words: the question that
 * the capability asks; yes or no behind it, unless the answer is a number.
 */
#ifndef DECODE_CAPABILITY_H
#define DECODE_CAPABILITY_H

#include <stddef.h>

#include "abi/abi.h"
#include "record/record.h"

#define CAPABILITY_TEXT_BYTES 160

/* False, and nothing is written, where the call is no such answer or its
 * capability has no words. */
bool capability_describe(char text[CAPABILITY_TEXT_BYTES],
			 const struct record *record,
			 const struct abi_ioctl *row);

#endif
