#include "guests.h"

#include <err.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Begin and end of each image: symbols of images.S. */
#define IMAGE(name) extern const uint8_t image_##name[], image_##name##_end[]
IMAGE(hello16);
IMAGE(hello32);
IMAGE(hello64);
IMAGE(hypercalls16);
IMAGE(hypercalls32);
IMAGE(hypercalls64);

struct guest {
	const char *name;
	unsigned int bits;
	const uint8_t *begin, *end;
};

/* clang-format off */
#define GUEST(name, bits) \
	{ #name, bits, image_##name##bits, image_##name##bits##_end }
/* clang-format on */

static const struct guest guests[] = {
	GUEST(hello, 16),      GUEST(hello, 32),      GUEST(hello, 64),
	GUEST(hypercalls, 16), GUEST(hypercalls, 32), GUEST(hypercalls, 64),
};
#define GUEST_COUNT (sizeof(guests) / sizeof(guests[0]))

static const struct guest *find(const char *name, unsigned int bits)
{
	for (size_t i = 0; i < GUEST_COUNT; i++)
		if (guests[i].bits == bits && strcmp(guests[i].name, name) == 0)
			return &guests[i];
	return NULL;
}

bool guests_know(const char *name)
{
	return find(name, 64) || strchr(name, '/') || access(name, F_OK) == 0;
}

void guests_print_names(FILE *out)
{
	const char *separator = "";

	for (size_t i = 0; i < GUEST_COUNT; i++) {
		if (guests[i].bits != 64) /* each once */
			continue;
		fprintf(out, "%s%s", separator, guests[i].name);
		separator = ", ";
	}
}

/* Reads straight to guest memory: the file's bytes are the guest's bytes. */
static int load_file(const char *path, FILE *file, const struct mode *mode,
		     uint8_t *memory)
{
	size_t bytes = fread(memory, 1, mode->room, file);
	bool more = bytes == mode->room && fgetc(file) != EOF;

	if (ferror(file)) {
		int ret = -errno;

		warnx("cannot read the guest %s: %s", path, strerror(-ret));
		return ret;
	}
	if (bytes == 0) {
		warnx("the guest %s is empty", path);
		return -ENODATA;
	}
	if (more) {
		warnx("the guest %s does not fit: %s has room for %zu bytes",
		      path, mode->title, mode->room);
		return -EFBIG;
	}
	return 0;
}

int guests_load(const char *name, const struct mode *mode, uint8_t *memory)
{
	const struct guest *guest = find(name, mode->bits);
	FILE *file;
	int ret;

	if (guest) {
		memcpy(memory, guest->begin,
		       (size_t)(guest->end - guest->begin));
		return 0;
	}

	file = fopen(name, "rbe");
	if (!file) {
		ret = -errno;
		warnx("cannot open the guest %s: %s", name, strerror(-ret));
		return ret;
	}
	ret = load_file(name, file, mode, memory);
	fclose(file);
	return ret;
}
