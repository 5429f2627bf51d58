/*
 * A file of raw records, through everything that is behind the capture: session,
 * decoding, notes, and the lines as JSON and as text.
 */
#include "fuzz.h"
#include "trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum output_format formats[] = { FORMAT_JSONL,
						      FORMAT_TEXT };
	static struct fuzz_file file;
	const char *path = fuzz_write(&file, data, size);

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct options options = {
			.replay = path, .output = "/dev/null",
			.format = formats[i], .quiet = true,
		};

		trace_run(&options);
	}
	return 0;
}
