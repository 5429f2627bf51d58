/*
 * Paths as traces and C write them, without what says only where in a trace,
 * an array or a union something stands: ".in.redirtbl[3].fields" is
 * redirtbl.fields, and "kvm_hyperv_exit.u.synic" kvm_hyperv_exit.synic.
 */
#include <string.h>

#include "explain/internal.h"

/* The keys of an event that hold an argument or an exit (schemas/). */
static const char *skip_event_key(const char *path)
{
	static const char *const keys[] = { ".in.", ".out.", ".exit." };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strncmp(path, keys[i], strlen(keys[i])))
			return path + strlen(keys[i]);
	return path;
}

/* Behind an index or a union's usual name; NULL: here is neither. */
static const char *skip_place(const char *path)
{
	const char *end;

	if (!strncmp(path, ".u.", 3))
		return path + 2;
	end = *path == '[' ? strchr(path, ']') : NULL;
	return end ? end + 1 : NULL;
}

void explain_add_path(struct buffer *out, const char *path)
{
	path = skip_event_key(path);
	while (*path) {
		const char *rest = skip_place(path);

		if (!rest)
			buffer_add_char(out, *path++);
		else
			path = rest;
	}
}
