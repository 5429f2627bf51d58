/*
 * Grading a trace by a rubric with every kind of test; tests/fuzz/rubric.json,
 * found from the top of the tree.
 */
#include "compare/grade.h"
#include "compare/result.h"
#include "fuzz.h"
#include "grade/rubric_file.h"

static void print_all(const struct rubric *rubric, json_t *result)
{
	const struct result_format *format;
	json_t *results = json_pack("[o]", result);

	for (size_t i = 0; (format = result_format_at(i)); i++) {
		struct buffer out = BUFFER_EMPTY;

		format->print(&out, rubric->title, results);
		for (size_t j = 0; j < out.length; j++)
			fuzz_expect(out.data[j] == '\n' ||
				    (out.data[j] >= ' ' && out.data[j] < 0x7f),
				    "what is printed is ASCII");
		buffer_free(&out);
	}
	json_decref(results);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rubric *rubric;
	static struct fuzz_file file;
	char *const paths[] = { (char *)fuzz_write(&file, data, size) };
	char *const problems[] = { NULL };
	const struct submission submission = { "fuzz", paths, problems, NULL };

	if (!rubric)
		rubric = rubric_file_load("tests/fuzz/rubric.json", NULL, 0);
	fuzz_expect(rubric != NULL, "tests/fuzz/rubric.json");
	print_all(rubric, grade_submission(rubric, &submission));
	return 0;
}
