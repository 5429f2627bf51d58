#include "capture/inprocess/tsc.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#define SECOND_NS 1000000000ull

/* A lasting pair each second; the last one is replaced until it is that old. */
#define SPACING_NS SECOND_NS
#define FIRST_LINE_NS 1000000
#define ATTEMPTS 5

/* Not before what stands before it is done (SDM vol. 2B, RDTSC). */
static uint64_t read_tsc(void)
{
	uint64_t tsc;

	_mm_lfence();
	tsc = __rdtsc();
	_mm_lfence();
	return tsc;
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* The tightest of a few: one may be interrupted between the two clocks. */
static struct tsc_pair take_pair(void)
{
	struct tsc_pair best = { 0, 0 };
	uint64_t best_width = UINT64_MAX;

	for (int i = 0; i < ATTEMPTS; i++) {
		uint64_t before = read_tsc();
		uint64_t ns = monotonic_ns();
		uint64_t width = read_tsc() - before;

		if (width >= best_width)
			continue;
		best_width = width;
		best = (struct tsc_pair){ before + width / 2, ns };
	}
	return best;
}

/* Is pair i missed less than pair j: its neighbours closer, for its age? */
static bool is_missed_less(const struct tsc_pair *pairs, size_t last, size_t i,
			   size_t j)
{
	uint64_t now = pairs[last].ns;
	unsigned __int128 gap_i = pairs[i + 1].ns - pairs[i - 1].ns;
	unsigned __int128 gap_j = pairs[j + 1].ns - pairs[j - 1].ns;

	return gap_i * (now - pairs[j].ns) < gap_j * (now - pairs[i].ns);
}

/* Make room by a pair; the first and the last one stay. */
static void thin_out(struct tsc_clock *clock)
{
	size_t last = clock->count - 1;
	size_t least = 1;

	for (size_t i = 2; i < last; i++)
		if (is_missed_less(clock->pairs, last, i, least))
			least = i;
	memmove(&clock->pairs[least], &clock->pairs[least + 1],
		(last - least) * sizeof(clock->pairs[0]));
	clock->count = last;
}

void tsc_clock_add(struct tsc_clock *clock, struct tsc_pair pair)
{
	const struct tsc_pair *last = &clock->pairs[clock->count - 1];

	if (pair.tsc <= last->tsc || pair.ns < last->ns)
		clock->count = 0;
	else if (clock->count > 1 && last->ns - last[-1].ns < SPACING_NS)
		clock->count--;
	else if (clock->count == TSC_PAIRS_MAX)
		thin_out(clock);
	clock->pairs[clock->count++] = pair;
}

void tsc_clock_update(struct tsc_clock *clock)
{
	tsc_clock_add(clock, take_pair());
}

void tsc_clock_init(struct tsc_clock *clock, uint64_t start_ns)
{
	const struct timespec pause = { .tv_nsec = FIRST_LINE_NS };

	clock->start_ns = start_ns;
	clock->pairs[0] = take_pair();
	clock->count = 1;
	nanosleep(&pause, NULL);
	tsc_clock_update(clock);
}

/* `ticks` by the slope from one pair to another; half of all at most. */
static uint64_t ticks_to_ns(uint64_t ticks, const struct tsc_pair *from,
			    const struct tsc_pair *to)
{
	unsigned __int128 ns = (unsigned __int128)ticks * (to->ns - from->ns) /
			       (to->tsc - from->tsc);

	return ns < UINT64_MAX / 2 ? (uint64_t)ns : UINT64_MAX / 2;
}

static uint64_t ns_before(const struct tsc_clock *clock, uint64_t tsc)
{
	const struct tsc_pair *first = clock->pairs;
	uint64_t ns = ticks_to_ns(first->tsc - tsc, first, first + 1);

	return ns < first->ns ? first->ns - ns : 0;
}

/*
 * A hostile value is no later than now. The last line may be very short, the
 * slope is that of the last two.
 */
static uint64_t ns_behind(const struct tsc_clock *clock, uint64_t tsc)
{
	const struct tsc_pair *last = &clock->pairs[clock->count - 1];
	uint64_t now = read_tsc();

	if (tsc > now)
		tsc = now;
	if (tsc <= last->tsc)
		return last->ns;
	return last->ns + ticks_to_ns(tsc - last->tsc,
				      clock->count > 2 ? last - 2 : last - 1,
				      last);
}

static uint64_t ns_between(const struct tsc_clock *clock, uint64_t tsc)
{
	const struct tsc_pair *from = &clock->pairs[clock->count - 2];

	while (tsc < from->tsc)
		from--;
	return from->ns + ticks_to_ns(tsc - from->tsc, from, from + 1);
}

static uint64_t convert(const struct tsc_clock *clock, uint64_t tsc)
{
	if (clock->count == 1)
		return clock->pairs[0].ns;
	if (tsc < clock->pairs[0].tsc)
		return ns_before(clock, tsc);
	if (tsc > clock->pairs[clock->count - 1].tsc)
		return ns_behind(clock, tsc);
	return ns_between(clock, tsc);
}

uint64_t tsc_clock_ns(const struct tsc_clock *clock, uint64_t tsc)
{
	uint64_t ns = convert(clock, tsc);

	return ns > clock->start_ns ? ns - clock->start_ns : 0;
}
