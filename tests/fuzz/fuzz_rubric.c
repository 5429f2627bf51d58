/* Loading rubrics: JSON, the schema, names, expressions, faults. */
#include "compare/rubric.h"
#include "fuzz.h"
#include "grade/rubric_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char definition[] = "PORT=0x10";
	static char *const definitions[] = { definition };
	static struct fuzz_file file;
	const char *path = fuzz_write(&file, data, size);

	rubric_free(rubric_file_load(path, NULL, 0));
	rubric_free(rubric_file_load(path, definitions, 1));
	return 0;
}
