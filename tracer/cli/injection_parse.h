/* The text form of an injection: SPEC 10. */
#ifndef INJECTION_PARSE_H
#define INJECTION_PARSE_H

#include "capture/injection.h"

#define INJECTION_ERROR_BYTES 256

/*
 * NAME[:errno=E][:ret=N][:when=K|K+|K+S], where NAME is a KVM ioctl's and E an
 * error's name or number; without errno and ret the call fails with EIO. 0, or
 * -EINVAL with a sentence in ret_error.
 */
int injection_parse(const char *text, struct injection *ret_injection,
		    char ret_error[INJECTION_ERROR_BYTES]);

#endif
