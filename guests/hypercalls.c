/*
 * The second part of the course work: every hypercall once. The exits in the
 * comments are numbered as PORT_NUM_EXITS counts them.
 */
#include "guest.h"

void start(void);

GUEST_ENTRY void start(void)
{
	uint32_t before, after;

	for (const char *p = "Hello 695!\n"; *p; p++)
		print8(*p); /* 1 to 11 */
	print32(2048);
	print32(4294967295); /* 13: the largest there is, no sign */

	before = num_exits(); /* 14 */
	print_str("A whole string in one exit\n");
	after = num_exits(); /* 16: it was one exit */
	print32(before);
	print32(after);

	print_str(num_exits_by_type()); /* 19 is its IN, so 3 in, 16 out */

	print32(gva_to_hva(1024));
	print32(gva_to_hva(0xffffffff)); /* mapped only where paging is off */

	print32(get_timestamp());
	guest_finish();
}
