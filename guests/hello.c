/*
 * The smallest guest that shows something: 14 characters, so 14 exits, and
 * a 15th for HLT.
 */
#include "guest.h"

void start(void);

GUEST_ENTRY void start(void)
{
	for (const char *p = "Hello, world!\n"; *p; p++)
		print8(*p);
	guest_finish();
}
