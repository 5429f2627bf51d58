#include "report/render.h"

#include <inttypes.h>

const char *render_block_title(enum block_kind kind)
{
	switch (kind) {
	case BLOCK_SHEET:
		return "More exactly than the course sheet: ";
	case BLOCK_UNKNOWN:
		return "The trace can't tell: ";
	default:
		return "";
	}
}

static json_int_t get(const json_t *numbers, size_t i)
{
	return json_integer_value(json_array_get(numbers, i));
}

/* Three numbers in a row and more are a range. */
void render_add_evidence(struct buffer *out, const struct answer *answer)
{
	const json_t *numbers = answer->evidence;
	size_t count = json_array_size(numbers), last;

	buffer_add_string(out, "seq ");
	for (size_t i = 0; i < count; i = last + 1) {
		last = i;
		while (last + 1 < count &&
		       get(numbers, last + 1) == get(numbers, last) + 1)
			last++;
		if (last < i + 2)
			last = i;
		buffer_add_format(out, "%s%" JSON_INTEGER_FORMAT,
				  i ? ", " : "", get(numbers, i));
		if (last > i)
			buffer_add_format(out, " to %" JSON_INTEGER_FORMAT,
					  get(numbers, last));
	}
}
