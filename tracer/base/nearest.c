#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

#define NAME_MAX_LENGTH 63

struct nearest nearest_to(const char *wanted)
{
	return (struct nearest){ wanted, NULL, strlen(wanted) / 3 + 2 };
}

static size_t minimum(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, one row at a time; letters of either case agree. */
static size_t measure(const char *a, const char *b)
{
	size_t row[NAME_MAX_LENGTH + 1];
	size_t b_length = strlen(b);

	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t above = row[j];
			size_t differs = toupper((unsigned char)a[i - 1]) !=
					 toupper((unsigned char)b[j - 1]);

			row[j] = minimum(minimum(above, row[j - 1]) + 1,
					 diagonal + differs);
			diagonal = above;
		}
	}
	return row[b_length];
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	size_t distance;

	if (strlen(candidate) > NAME_MAX_LENGTH)
		return;
	distance = measure(nearest->wanted, candidate);
	if (distance < nearest->distance) {
		nearest->best = candidate;
		nearest->distance = distance;
	}
}
