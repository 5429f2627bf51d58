/* Where kvm_run is mapped: ranges that are cut, found again, inherited. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/space.h"

#define PAGE 0x1000u

static struct space *space;

static int set_up(void **state)
{
	(void)state;
	space = space_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	space_unref(space);
	return 0;
}

static void map(uint64_t address, uint64_t pages, uint64_t offset,
		uint32_t file_id)
{
	const struct run_mapping mapping = {
		.address = address, .length = pages * PAGE,
		.offset = offset, .file = { .id = file_id },
	};

	space_add_mapping(space, &mapping);
}

static void assert_mapping(size_t index, uint64_t address, uint64_t length,
			   uint64_t offset)
{
	assert_true(index < space->count);
	assert_int_equal(space->mappings[index].address, address);
	assert_int_equal(space->mappings[index].length, length);
	assert_int_equal(space->mappings[index].offset, offset);
}

static void test_find_run(void **state)
{
	(void)state;
	assert_null(space_find_run(space, 1));
	map(0x10000, 3, 0, 1);
	map(0x20000, 3, 0, 2);
	map(0x30000, 16, 64 * PAGE, 1);	/* a ring, not kvm_run */
	assert_int_equal(space_find_run(space, 1)->address, 0x10000);
	assert_int_equal(space_find_run(space, 2)->address, 0x20000);
	assert_null(space_find_run(space, 3));
	map(0x40000, 3, 0, 1);
	assert_int_equal(space_find_run(space, 1)->address, 0x40000);
}

static void test_only_a_ring(void **state)
{
	(void)state;
	map(0x30000, 16, 64 * PAGE, 1);
	assert_null(space_find_run(space, 1));
}

static void test_remove_whole(void **state)
{
	(void)state;
	map(0x10000, 3, 0, 1);
	map(0x20000, 3, 0, 2);
	space_remove_range(space, 0x10000, 3 * PAGE);
	assert_int_equal(space->count, 1);
	assert_mapping(0, 0x20000, 3 * PAGE, 0);
	space_remove_range(space, 0, UINT64_MAX);
	assert_int_equal(space->count, 0);
}

static void test_remove_edges_touch_nothing(void **state)
{
	(void)state;
	map(0x10000, 3, 0, 1);
	space_remove_range(space, 0xf000, PAGE);
	space_remove_range(space, 0x13000, PAGE);
	assert_mapping(0, 0x10000, 3 * PAGE, 0);
}

static void test_remove_tail(void **state)
{
	(void)state;
	map(0x10000, 3, 0, 1);
	space_remove_range(space, 0x12000, 8 * PAGE);
	assert_mapping(0, 0x10000, 2 * PAGE, 0);
	assert_non_null(space_find_run(space, 1));
}

/* What is left begins behind kvm_run: its first page is gone. */
static void test_remove_head(void **state)
{
	(void)state;
	map(0x10000, 3, 0, 1);
	space_remove_range(space, 0xf000, 2 * PAGE);
	assert_mapping(0, 0x11000, 2 * PAGE, PAGE);
	assert_null(space_find_run(space, 1));
}

/* kvm_run's page stays known; of the rest only the part before the hole. */
static void test_remove_middle(void **state)
{
	(void)state;
	map(0x10000, 4, 0, 1);
	space_remove_range(space, 0x11000, PAGE);
	assert_mapping(0, 0x10000, PAGE, 0);
	assert_int_equal(space_find_run(space, 1)->address, 0x10000);
}

static void test_ranges_that_wrap(void **state)
{
	(void)state;
	map(0x10000, 3, 0, 1);
	map(0xfffffffffff00000, 3, 0, 2);
	assert_non_null(space_find_in_range(space, 0xffffffffffe00000,
					    UINT64_MAX));
	assert_int_equal(space_find_in_range(space, 0xffffffffffe00000,
					     UINT64_MAX)->file.id, 2);
	space_remove_range(space, 0xffffffffffe00000, UINT64_MAX);
	assert_int_equal(space->count, 1);
	assert_mapping(0, 0x10000, 3 * PAGE, 0);
}

static void test_find_in_range(void **state)
{
	(void)state;
	map(0x10000, 3, 0, 1);
	assert_null(space_find_in_range(space, 0, 0x10000));
	assert_non_null(space_find_in_range(space, 0, 0x10001));
	assert_non_null(space_find_in_range(space, 0x12fff, 1));
	assert_null(space_find_in_range(space, 0x13000, PAGE));
}

/* A fork's copy goes its own way. */
static void test_copy(void **state)
{
	struct space *copy;

	(void)state;
	for (uint32_t i = 0; i < 20; i++)
		map(0x10000 * (i + 1), 3, 0, i + 1);
	copy = space_copy(space);
	space_remove_range(space, 0, UINT64_MAX);
	assert_int_equal(copy->count, 20);
	assert_int_equal(space_find_run(copy, 20)->address, 0x140000);
	space_unref(copy);
}

static void test_references(void **state)
{
	(void)state;
	assert_ptr_equal(space_ref(space), space);
	map(0x10000, 3, 0, 1);
	space_unref(space);
	assert_non_null(space_find_run(space, 1));
}

static void test_adopt_finds_nothing(void **state)
{
	const struct record_file file = { .id = 9,
					  .link = "anon_inode:kvm-vcpu:0" };

	(void)state;
	assert_int_equal(space_adopt_run(space, 1 << 30, &file), -ENOENT);
	assert_int_equal(space_adopt_run(space, getpid(), &file), -ENOENT);
	assert_int_equal(space->count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find_run), TEST(test_only_a_ring),
		TEST(test_remove_whole), TEST(test_remove_edges_touch_nothing),
		TEST(test_remove_tail), TEST(test_remove_head),
		TEST(test_remove_middle), TEST(test_ranges_that_wrap),
		TEST(test_find_in_range), TEST(test_copy),
		TEST(test_references), TEST(test_adopt_finds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
