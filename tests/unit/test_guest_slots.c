/* Guest memory: reads within slots, and which slot is where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest_machine.h"

/* The second slot follows the first in the guest and precedes it outside. */
static void lay_out_slots(void)
{
	machine_slots[0] = (struct guest_slot){ 0, 0, 0x1000, 0x1000, MACHINE_HVA + 0x8000 };
	machine_slots[1] = (struct guest_slot){ 1, 0, 0x2000, 0x1000, MACHINE_HVA };
	machine_slots[2] = (struct guest_slot){ 2, 0, 0x9000, 0x1000, MACHINE_HVA + 0x4000 };
	machine_memory.slot_count = 3;
}

static void test_crossing(void **state)
{
	uint8_t bytes[8] = { 0 };

	(void)state;
	lay_out_slots();
	set_letters(0x8ffc, "abcd");
	set_letters(0, "efgh");
	assert_int_equal(guest_read(&machine_memory, 0x1ffc, bytes, 8), 8);
	assert_memory_equal(bytes, "abcdefgh", 8);
	assert_int_equal(machine_reads, 2);
}

static void test_ends(void **state)
{
	uint8_t bytes[8];

	(void)state;
	lay_out_slots();
	set_letters(0xffd, "xyz");
	assert_int_equal(guest_read(&machine_memory, 0x2ffd, bytes, 8), 3);
	assert_memory_equal(bytes, "xyz", 3);
	assert_int_equal(guest_read(&machine_memory, 0x3000, bytes, 8), 0);
	assert_int_equal(guest_read(&machine_memory, 0xfff, bytes, 8), 0);
	assert_int_equal(guest_read(&machine_memory, 0x1000, bytes, 0), 0);
	machine_memory.slot_count = 0;
	assert_int_equal(guest_read(&machine_memory, 0x1000, bytes, 8), 0);
	assert_null(guest_nearest_slot(&machine_memory, 0x1000));
}

/* What the reader doesn't get ends the read, though the next slot could. */
static void test_short_reader(void **state)
{
	uint8_t bytes[8];

	(void)state;
	lay_out_slots();
	machine_unreadable = MACHINE_HVA + 0x8ffe;
	assert_int_equal(guest_read(&machine_memory, 0x1ffc, bytes, 8), 2);
	assert_int_equal(machine_reads, 1);
}

/* A slot up to the last address: the read must not go on at 0. */
static void test_last_address(void **state)
{
	uint8_t bytes[8];

	(void)state;
	machine_slots[1] = (struct guest_slot){ 1, 0, -0x1000ull, 0x1000, MACHINE_HVA };
	machine_memory.slot_count = 2;
	assert_int_equal(guest_read(&machine_memory, -4ull, bytes, 8), 4);
	assert_ptr_equal(guest_find_slot(&machine_memory, UINT64_MAX), &machine_slots[1]);
}

static void test_find(void **state)
{
	static const struct {
		uint64_t gpa;
		int found, nearest;	/* -1: none */
	} rows[] = {
		{ 0x0, -1, 0 },	    { 0xfff, -1, 0 },  { 0x1000, 0, 0 },   { 0x1fff, 0, 0 },
		{ 0x2000, 1, 1 },   { 0x2fff, 1, 1 },  { 0x3000, -1, 1 },  { 0x5fff, -1, 1 },
		{ 0x6000, -1, 2 },  { 0x8fff, -1, 2 }, { 0x9000, 2, 2 },   { 0xa000, -1, 2 },
		{ UINT64_MAX, -1, 2 },
	};

	(void)state;
	lay_out_slots();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct guest_slot *found = rows[i].found < 0 ?
			NULL : &machine_slots[rows[i].found];

		assert_ptr_equal(guest_find_slot(&machine_memory, rows[i].gpa), found);
		assert_ptr_equal(guest_nearest_slot(&machine_memory, rows[i].gpa),
				 &machine_slots[rows[i].nearest]);
	}
}

/* Deleted slots, and those of the address space of SMM. */
static void test_unusable(void **state)
{
	(void)state;
	lay_out_slots();
	machine_slots[0].bytes = 0;
	machine_slots[1].id = 1 << 16 | 1;
	assert_null(guest_find_slot(&machine_memory, 0x1000));
	assert_null(guest_find_slot(&machine_memory, 0x2000));
	assert_ptr_equal(guest_nearest_slot(&machine_memory, 0x1000), &machine_slots[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_crossing, machine_set_up),
		cmocka_unit_test_setup(test_ends, machine_set_up),
		cmocka_unit_test_setup(test_short_reader, machine_set_up),
		cmocka_unit_test_setup(test_last_address, machine_set_up),
		cmocka_unit_test_setup(test_find, machine_set_up),
		cmocka_unit_test_setup(test_unusable, machine_set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
