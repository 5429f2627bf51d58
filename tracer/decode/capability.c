#include "decode/capability.h"

#include <linux/kvm.h>
#include <stdio.h>

bool capability_describe(char text[CAPABILITY_TEXT_BYTES],
			 const struct record *record,
			 const struct abi_ioctl *row)
{
	uint32_t cap = (uint32_t)record->argument;
	const char *question = abi_find_question(cap);

	if (!row || row->request != KVM_CHECK_EXTENSION || record->result < 0 ||
	    record->argument >> 32 || !question)
		return false;
	/* An answer above 1 is a number whatever the manual says. */
	if (record->result > 1 || abi_answers_number(cap))
		snprintf(text, CAPABILITY_TEXT_BYTES, "%s", question);
	else
		snprintf(text, CAPABILITY_TEXT_BYTES, "%s: %s", question,
			 record->result ? "yes" : "no");
	return true;
}
