/*
 * From values of the time-stamp counter, which the agent notes, to nanoseconds
 * of CLOCK_MONOTONIC since a start. Straight lines between pairs of both that
 * were read together; the last one goes on beyond the last pair.
 *
 * A pair is wrong by some tens of nanoseconds, and so are values between two.
 * Beyond the last pair the line's slope counts: after the first millisecond it
 * is wrong by some parts in a million, after a second by less than a tenth of
 * one. So update before a batch of values is converted: it takes under a
 * microsecond, and they all lie between pairs.
 */
#ifndef CAPTURE_INPROCESS_TSC_H
#define CAPTURE_INPROCESS_TSC_H

#include <stddef.h>
#include <stdint.h>

/* The closest seconds one by one, those long ago ever wider apart. */
#define TSC_PAIRS_MAX 64

struct tsc_pair {
	uint64_t tsc, ns;	/* ns: CLOCK_MONOTONIC as it is */
};

struct tsc_clock {
	uint64_t start_ns;
	size_t count;		/* of pairs, at least one */
	struct tsc_pair pairs[TSC_PAIRS_MAX];
};

/*
 * `start_ns`, in CLOCK_MONOTONIC, becomes 0. Takes a millisecond, asleep: the
 * first line lies between two pairs.
 */
void tsc_clock_init(struct tsc_clock *clock, uint64_t start_ns);

/* Take a fresh pair. As often as one likes. */
void tsc_clock_update(struct tsc_clock *clock);

/*
 * The same with a pair from elsewhere; pairs come in their order. One whose
 * counter stands before the last one's (a suspended machine may start it anew)
 * makes the clock forget what was before.
 */
void tsc_clock_add(struct tsc_clock *clock, struct tsc_pair pair);

/*
 * Never before the start, and no later than the counter stands now: `tsc` is
 * any number. Values before the first pair are right if it isn't long ago.
 */
uint64_t tsc_clock_ns(const struct tsc_clock *clock, uint64_t tsc);

#endif
