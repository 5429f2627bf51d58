/*
 * smoke N FILE...: each file as it is, then N inputs made of each by changes
 * that are the same every time. What `make fuzz` does for minutes, in seconds
 * and without clang; a crash is this program's.
 */
#include <string.h>

#include "fuzz.h"

#define INPUT_BYTES (1u << 20)
#define CHANGES_MAX 8

struct input {
	uint8_t *bytes;		/* INPUT_BYTES of room */
	size_t size;
};

/* xorshift64: G. Marsaglia, "Xorshift RNGs", 2003. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t below(uint64_t *state, size_t end)
{
	return end ? next_random(state) % end : 0;
}

static void flip_bit(struct input *input, uint64_t *state)
{
	if (input->size)
		input->bytes[below(state, input->size)] ^=
			(uint8_t)(1u << below(state, 8));
}

static void cut(struct input *input, uint64_t *state)
{
	size_t from = below(state, input->size);
	size_t count = below(state, input->size - from);

	if (count > 200 && below(state, 4))
		count = below(state, 200);
	memmove(input->bytes + from, input->bytes + from + count,
		input->size - from - count);
	input->size -= count;
}

/* Room for `count` bytes; where. */
static uint8_t *make_room(struct input *input, uint64_t *state, size_t count)
{
	uint8_t *at = input->bytes + below(state, input->size);

	if (input->size + count > INPUT_BYTES)
		return NULL;
	memmove(at + count, at, input->size - (size_t)(at - input->bytes));
	input->size += count;
	return at;
}

static void repeat(struct input *input, uint64_t *state)
{
	uint8_t piece[256];
	size_t count = below(state, sizeof(piece));
	uint8_t *at;

	if (input->size < sizeof(piece))
		return;
	memcpy(piece, input->bytes +
	       below(state, input->size - sizeof(piece)), count);
	at = make_room(input, state, count);
	if (at)
		memcpy(at, piece, count);
}

static void insert_word(struct input *input, uint64_t *state)
{
	static const char *const words[] = {
		"null", "true", "-1", "1e308", "9007199254740993",
		"18446744073709551615", "\"\"", "{}", "[]", "[[[[[[[[", "\n",
		"\"0xffffffffffffffff\"", "\\u0000", "\\ud800", "\xff", ",",
		"\"seq\":0", "{\"type\":\"ioctl\",\"seq\":1}\n", "\"exit\":{}",
	};
	const char *word = words[below(state,
				       sizeof(words) / sizeof(words[0]))];
	uint8_t *at = make_room(input, state, strlen(word));

	if (at)
		memcpy(at, word, strlen(word));
}

static void change(struct input *input, uint64_t *state)
{
	static void (*const ways[])(struct input *, uint64_t *) = {
		flip_bit, cut, repeat, insert_word,
	};
	size_t count = 1 + below(state, CHANGES_MAX);

	while (count--)
		ways[below(state, sizeof(ways) / sizeof(ways[0]))](input,
								   state);
}

static void run_file(const char *path, unsigned long times)
{
	static uint8_t original[INPUT_BYTES], bytes[INPUT_BYTES];
	uint64_t state = 0x9e3779b97f4a7c15;
	FILE *file = fopen(path, "re");
	size_t size;

	fuzz_expect(file != NULL, path);
	size = fread(original, 1, sizeof(original), file);
	fclose(file);
	LLVMFuzzerTestOneInput(original, size);
	for (unsigned long i = 0; i < times; i++) {
		struct input input = { bytes, size };

		memcpy(bytes, original, size);
		change(&input, &state);
		LLVMFuzzerTestOneInput(input.bytes, input.size);
	}
}

int main(int argc, char **argv)
{
	fuzz_expect(argc > 2, "smoke N FILE...");
	for (int i = 2; i < argc; i++)
		run_file(argv[i], strtoul(argv[1], NULL, 10));
	printf("%d files\n", argc - 2);
	return 0;
}
