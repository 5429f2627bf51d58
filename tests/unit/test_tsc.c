/*
 * The in-process engine's clock: against CLOCK_MONOTONIC itself, and with
 * pairs that are made up, of a counter so slow that the real one is beyond all
 * their values. And what the engine asks of a machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#include <cmocka.h>

#include "capture/inprocess/support.h"
#include "capture/inprocess/tsc.h"

#define SECOND_NS 1000000000ull

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static void sleep_ms(long ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000 };

	nanosleep(&pause, NULL);
}

/* A counter's value, and the times that it was read between. */
struct reading {
	uint64_t before_ns, tsc, after_ns;
};

static struct reading take_reading(void)
{
	struct reading reading;

	reading.before_ns = monotonic_ns();
	reading.tsc = __rdtsc();
	reading.after_ns = monotonic_ns();
	return reading;
}

static bool is_within_microsecond(const struct tsc_clock *clock,
				  const struct reading *reading)
{
	uint64_t ns = clock->start_ns + tsc_clock_ns(clock, reading->tsc);

	return reading->before_ns <= ns + 1000 &&
	       ns <= reading->after_ns + 1000;
}

/* Readings before the first pair, and among five more pairs. */
static bool is_right_for_a_while(void)
{
	struct reading early = take_reading(), between[5];
	struct tsc_clock clock;

	tsc_clock_init(&clock, early.before_ns - SECOND_NS);
	for (size_t i = 0; i < 5; i++) {
		sleep_ms(2);
		between[i] = take_reading();
		tsc_clock_update(&clock);
		if (!is_within_microsecond(&clock, &between[i]))
			return false;
	}
	for (size_t i = 0; i < 5; i++)
		if (!is_within_microsecond(&clock, &between[i]))
			return false;
	return is_within_microsecond(&clock, &early);
}

/* A machine that is interrupted in each attempt at a pair gets another go. */
static void test_agrees_with_monotonic(void **state)
{
	bool is_right = false;

	(void)state;
	for (int i = 0; i < 20 && !is_right; i++)
		is_right = is_right_for_a_while();
	assert_true(is_right);
}

/* `ticks` and `ns` since the last pair. */
static void add(struct tsc_clock *clock, uint64_t ticks, uint64_t ns)
{
	struct tsc_pair pair = clock->pairs[clock->count - 1];

	pair.tsc += ticks;
	pair.ns += ns;
	tsc_clock_add(clock, pair);
}

/* 1000 ticks a second from tick 5000, second 100 on; the trace began at 99. */
static void begin(struct tsc_clock *clock)
{
	memset(clock, 0, sizeof(*clock));
	clock->start_ns = 99 * SECOND_NS;
	clock->count = 1;
	clock->pairs[0] = (struct tsc_pair){ 5000, 100 * SECOND_NS };
	add(clock, 1000, SECOND_NS);
}

static void test_lines(void **state)
{
	struct tsc_clock clock;

	(void)state;
	begin(&clock);
	add(&clock, 500, SECOND_NS);
	assert_int_equal(tsc_clock_ns(&clock, 5000), SECOND_NS);
	assert_int_equal(tsc_clock_ns(&clock, 5500), SECOND_NS * 3 / 2);
	assert_int_equal(tsc_clock_ns(&clock, 6000), SECOND_NS * 2);
	assert_int_equal(tsc_clock_ns(&clock, 6250), SECOND_NS * 5 / 2);
	assert_int_equal(tsc_clock_ns(&clock, 6500), SECOND_NS * 3);
	/* Beyond by the slope of both lines, before by the first one's. */
	assert_int_equal(tsc_clock_ns(&clock, 8000), SECOND_NS * 5);
	assert_int_equal(tsc_clock_ns(&clock, 4750), SECOND_NS * 3 / 4);
	assert_int_equal(tsc_clock_ns(&clock, 4000), 0);
	assert_int_equal(tsc_clock_ns(&clock, 3000), 0);
}

/* Pairs within a second of a lasting one take the place of each other. */
static void test_lasting_pairs(void **state)
{
	struct tsc_clock clock;

	(void)state;
	begin(&clock);
	add(&clock, 1, SECOND_NS / 1000);
	assert_int_equal(clock.count, 3);
	add(&clock, 500, SECOND_NS / 2);
	assert_int_equal(clock.count, 3);
	add(&clock, 499, SECOND_NS * 499 / 1000);
	assert_int_equal(clock.count, 3);
	assert_int_equal(clock.pairs[1].tsc, 6000);
	assert_int_equal(clock.pairs[2].tsc, 7000);
	add(&clock, 1, SECOND_NS / 1000);
	assert_int_equal(clock.count, 4);
}

/* What has been told of the time up to an update stays so after the next. */
static void test_values_between_lasting_pairs_stay(void **state)
{
	struct tsc_clock clock;
	uint64_t ns;

	(void)state;
	begin(&clock);
	ns = tsc_clock_ns(&clock, 5777);
	for (int i = 0; i < 20; i++) {
		add(&clock, 1100 + (uint64_t)i, SECOND_NS);
		assert_int_equal(tsc_clock_ns(&clock, 5777), ns);
	}
}

/* The counter's rate sways by 100 parts in a million, over an hour or so. */
static uint64_t swaying_ticks(uint64_t second)
{
	uint64_t phase = second % 3600;

	return 1000000 + (phase < 1800 ? phase : 3600 - phase) / 18;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Ten hours of pairs: recent times exact, old ones a little less. */
static void test_long_history(void **state)
{
	static uint64_t tsc_of[36000];
	struct tsc_clock clock = { .count = 1 };

	(void)state;
	tsc_of[0] = clock.pairs[0].tsc = 1000;
	for (uint64_t second = 1; second < 36000; second++) {
		add(&clock, swaying_ticks(second), SECOND_NS);
		tsc_of[second] = clock.pairs[clock.count - 1].tsc;
	}
	assert_int_equal(clock.count, TSC_PAIRS_MAX);
	assert_int_equal(clock.pairs[0].tsc, 1000);
	for (uint64_t age = 0; age < 36000; age++) {
		uint64_t second = 35999 - age;
		uint64_t ns = tsc_clock_ns(&clock, tsc_of[second]);

		assert_true(distance(ns, second * SECOND_NS) <=
			    (age < 10 ? 1 : age * 10000));
	}
}

static void test_never_falls(void **state)
{
	struct tsc_clock clock = { .count = 1 };
	uint64_t last = 0;

	(void)state;
	for (uint64_t second = 1; second < 500; second++)
		add(&clock, swaying_ticks(second * 7) / 1000, SECOND_NS);
	for (uint64_t tsc = 0; tsc < 600 * 1000; tsc++) {
		uint64_t ns = tsc_clock_ns(&clock, tsc);

		assert_true(ns >= last);
		last = ns;
	}
}

/* A machine slept, and its counter began anew. */
static void test_counter_starts_anew(void **state)
{
	struct tsc_clock clock;

	(void)state;
	begin(&clock);
	tsc_clock_add(&clock, (struct tsc_pair){ 10, 200 * SECOND_NS });
	assert_int_equal(tsc_clock_ns(&clock, 10), 101 * SECOND_NS);
	assert_int_equal(tsc_clock_ns(&clock, 6000), 101 * SECOND_NS);
	add(&clock, 2000, SECOND_NS);
	assert_int_equal(tsc_clock_ns(&clock, 1010), 203 * SECOND_NS / 2);
	assert_int_equal(tsc_clock_ns(&clock, 0), 100995000000);
}

static void check_any_values(const struct tsc_clock *clock)
{
	static const uint64_t around[] = {
		0, 1ull << 31, 1ull << 32, 1ull << 62, 1ull << 63, UINT64_MAX,
	};

	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		for (uint64_t more = 0; more < 5; more++) {
			uint64_t ns = tsc_clock_ns(clock,
						   around[i] + more - 2);
			uint64_t now = monotonic_ns() - clock->start_ns;

			/* By a slope that a millisecond gave, no timing. */
			assert_true(ns <= now + SECOND_NS / 100);
		}
	}
}

static void test_any_value(void **state)
{
	struct tsc_clock clock;

	(void)state;
	tsc_clock_init(&clock, monotonic_ns());
	check_any_values(&clock);
	assert_int_equal(tsc_clock_ns(&clock, 0), 0);
	tsc_clock_update(&clock);
	check_any_values(&clock);
	assert_true(tsc_clock_ns(&clock, UINT64_MAX) >=
		    clock.pairs[clock.count - 1].ns - clock.start_ns);
}

/* The steepest line there is: no overflow, whatever comes out. */
static void test_steepest_line(void **state)
{
	struct tsc_clock clock = { .count = 1 };

	(void)state;
	add(&clock, 1, UINT64_MAX / 2);
	assert_int_equal(tsc_clock_ns(&clock, UINT64_MAX), UINT64_MAX - 1);
	assert_int_equal(tsc_clock_ns(&clock, 1), UINT64_MAX / 2);
}

/* The same from elsewhere: proc(5), and the kernel's own files. */
static bool file_has_word(const char *path, const char *word)
{
	char line[8192];
	bool has = false;
	FILE *file = fopen(path, "re");

	while (file && !has && fgets(line, sizeof(line), file)) {
		char *rest = line, *token;

		while (!has && (token = strsep(&rest, " \t\n")))
			has = !strcmp(token, word);
	}
	if (file)
		fclose(file);
	return has;
}

static void test_obstacle(void **state)
{
	const char *obstacle = inprocess_find_obstacle();

	(void)state;
	if (!file_has_word("/proc/cpuinfo", "fsgsbase"))
		assert_non_null(strstr(obstacle, "FSGSBASE"));
	else if (!file_has_word("/proc/cpuinfo", "lahf_lm"))
		assert_non_null(strstr(obstacle, "LAHF"));
	else if (!file_has_word("/sys/devices/system/clocksource/clocksource0/"
				"current_clocksource", "tsc"))
		assert_non_null(strstr(obstacle, "time-stamp counter"));
	else if (!file_has_word("/proc/sysvipc/shm", "shmid"))
		assert_non_null(strstr(obstacle, "shared memory"));
	else
		assert_null(obstacle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees_with_monotonic),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_lasting_pairs),
		cmocka_unit_test(test_values_between_lasting_pairs_stay),
		cmocka_unit_test(test_long_history),
		cmocka_unit_test(test_never_falls),
		cmocka_unit_test(test_counter_starts_anew),
		cmocka_unit_test(test_any_value),
		cmocka_unit_test(test_steepest_line),
		cmocka_unit_test(test_obstacle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
