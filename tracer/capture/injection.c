#include "capture/injection.h"

#include <stdbool.h>
#include <string.h>

static bool meets(const struct injection *injection)
{
	uint64_t call = injection->seen;

	if (call < injection->first)
		return false;
	if (!injection->step)
		return call == injection->first;
	return (call - injection->first) % injection->step == 0;
}

const struct injection *injection_find(struct injection *injections,
				       size_t count,
				       const struct abi_ioctl *row)
{
	const struct injection *found = NULL;

	for (size_t i = 0; row && i < count; i++) {
		if (strcmp(injections[i].name, row->name))
			continue;
		injections[i].seen++;
		if (!found && meets(&injections[i]))
			found = &injections[i];
	}
	return found;
}
