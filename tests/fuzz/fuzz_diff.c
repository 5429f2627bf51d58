/*
 * The reader of traces, and diff: two traces, separated by a line "--", or one
 * and itself.
 */
#include <string.h>

#include "compare/compare.h"
#include "compare/diff_output.h"
#include "fuzz.h"

static void compare(const char *expected, const char *actual)
{
	const struct compare_options options = { .ignore = NULL };
	struct comparison *comparison = comparison_new(&options);
	struct buffer out = BUFFER_EMPTY;

	if (!comparison_run(comparison, expected, actual)) {
		fuzz_expect(comparison->alike >= 0 && comparison->alike <= 1,
			    "alike is a share");
		diff_write_json(&out, comparison);
		diff_write_text(&out, comparison);
	}
	buffer_free(&out);
	comparison_free(comparison);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file expected, actual;
	const uint8_t *line = memmem(data, size, "\n--\n", 4);
	size_t first = line ? (size_t)(line - data) + 1 : size;

	fuzz_write(&expected, data, first);
	if (line)
		fuzz_write(&actual, line + 4, size - first - 3);
	else
		fuzz_write(&actual, data, size);
	compare(expected.path, actual.path);
	return 0;
}
