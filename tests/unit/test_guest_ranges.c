/* What page tables map: folded ranges, limits, tables that map themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest_machine.h"

static struct guest_ranges ranges;

static void find(void)
{
	memset(&ranges, 0xff, sizeof(ranges));
	guest_find_ranges(&machine_cpu, &machine_memory, &ranges);
}

static void assert_range(size_t i, uint64_t gva, uint64_t last, uint64_t gpa,
			 uint64_t page_size, uint64_t flags)
{
	const struct guest_range *range = &ranges.list[i];

	assert_true(i < ranges.count);
	assert_int_equal(range->gva, gva);
	assert_int_equal(range->last, last);
	assert_int_equal(range->gpa, gpa);
	assert_int_equal(range->page_size, page_size);
	assert_int_equal(range->flags, flags);
	assert_false(range->is_recursive);
}

static void assert_all(size_t count, size_t entries_read)
{
	assert_int_equal(ranges.count, count);
	assert_int_equal(ranges.entries_read, entries_read);
	assert_false(ranges.is_cut);
}

static void test_no_paging(void **state)
{
	(void)state;
	find();
	assert_all(0, 0);
}

static void test_32(void **state)
{
	(void)state;
	page_32(0x1000);
	machine_cpu.sregs.cr4 = X86_CR4_PSE;
	set_entry32(0x1000, 0, 0x2000 | P | RW | US);
	for (uint32_t i = 0; i < 1024; i++)
		set_entry32(0x2000, i, i << 12 | P | RW | (i % 2 ? GUEST_ENTRY_A : 0));
	set_entry32(0x1000, 1, 0x400000 | P | RW | PS);
	set_entry32(0x1000, 2, 0x800000 | P | RW | PS | GUEST_ENTRY_D);
	set_entry32(0x1000, 1023, 0xffc00000 | P | PS | GUEST_ENTRY_PCD | GUEST_ENTRY_G);
	find();
	assert_all(3, 2048);
	assert_range(0, 0, 0x3fffff, 0, 0x1000, P | RW);
	assert_range(1, 0x400000, 0xbfffff, 0x400000, 0x400000, P | RW);
	assert_range(2, 0xffc00000, 0xffffffff, 0xffc00000, 0x400000,
		     P | GUEST_ENTRY_PCD | GUEST_ENTRY_G);
}

static void test_pae(void **state)
{
	(void)state;
	page_pae(0x1020);
	set_entry(0x1020, 0, 0x2000 | P);
	set_entry(0x1020, 3, 0x3000 | P);
	set_entry(0x2000, 511, 0x200000 | P | RW | PS);
	set_entry(0x3000, 0, 0x400000 | P | RW | PS);
	find();
	assert_all(2, 4 + 2 * 512);
	assert_range(0, 0x3fe00000, 0x3fffffff, 0x200000, 0x200000, P | RW);
	assert_range(1, 0xc0000000, 0xc01fffff, 0x400000, 0x200000, P | RW);
	/* the same from registers, where no PDPT is in memory */
	machine_cpu.sregs.cr3 = 0x70000000;
	machine_cpu.has_pdptrs = true;
	machine_cpu.pdptrs[1] = 0x2000 | P;
	machine_cpu.pdptrs[2] = 0x3000 | P;
	find();
	assert_all(1, 4 + 2 * 512);
	assert_range(0, 0x7fe00000, 0x801fffff, 0x200000, 0x200000, P | RW);
}

/* All three sizes, both halves, rights of upper levels, and what folds not. */
static void test_long(void **state)
{
	(void)state;
	page_long(0x1000);
	set_entry(0x1000, 0, 0x2000 | P | RW | US);
	set_entry(0x1000, 256, 0x2000 | P | RW | NX);
	set_entry(0x2000, 0, 0x3000 | P | RW | US);
	set_entry(0x2000, 1, 0x40000000 | P | RW | US | PS);
	set_entry(0x3000, 0, 0x4000 | P | US);
	set_entry(0x3000, 1, 0x200000 | P | RW | US | PS);
	set_entry(0x3000, 2, 0x400000 | P | US | PS);	/* flags differ */
	set_entry(0x3000, 3, 0x800000 | P | US | PS);	/* gpa jumps */
	set_entry(0x4000, 0, 0x0000 | P | RW | US);
	set_entry(0x4000, 1, 0x1000 | P | RW | US);
	set_entry(0x4000, 3, 0x3000 | P | RW | US);	/* gva jumps */
	find();
	assert_all(12, 7 * 512);
	assert_range(0, 0, 0x1fff, 0, 0x1000, P | US);
	assert_range(1, 0x3000, 0x3fff, 0x3000, 0x1000, P | US);
	assert_range(2, 0x200000, 0x3fffff, 0x200000, 0x200000, P | RW | US);
	assert_range(3, 0x400000, 0x5fffff, 0x400000, 0x200000, P | US);
	assert_range(4, 0x600000, 0x7fffff, 0x800000, 0x200000, P | US);
	assert_range(5, 0x40000000, 0x7fffffff, 0x40000000, 0x40000000, P | RW | US);
	assert_range(6, 0xffff800000000000, 0xffff800000001fff, 0, 0x1000, P | NX);
	assert_range(11, 0xffff800040000000, 0xffff80007fffffff, 0x40000000, 0x40000000,
		     P | RW | NX);
}

static void test_la57(void **state)
{
	(void)state;
	page_la57(0x1000);
	set_entry(0x1000, 511, 0x2000 | P | RW);
	set_entry(0x2000, 511, 0x3000 | P | RW);
	set_entry(0x3000, 511, 0xc0000000 | P | RW | PS);
	find();
	assert_all(1, 3 * 512);
	assert_range(0, 0xffffffffc0000000, UINT64_MAX, 0xc0000000, 0x40000000, P | RW);
}

/* What the processor would fault on, or can't be read, is not mapped. */
static void test_faults(void **state)
{
	(void)state;
	page_long(0x1000);
	set_entry(0x1000, 0, 0x2000 | P | PS);		/* reserved bit */
	set_entry(0x1000, 1, 0x70000000 | P);		/* no slot */
	set_entry(0x1000, 2, 0x2000 | P);
	set_entry(0x2000, 0, 0x200000 | P | PS);	/* not aligned: reserved */
	set_entry(0x2000, 1, 0x40000000 | P | PS);
	find();
	assert_all(1, 2 * 512);
	assert_range(0, 2ull << 39 | 1ull << 30, (2ull << 39 | 2ull << 30) - 1, 0x40000000,
		     0x40000000, P);
	machine_cpu.sregs.cr3 = 0x70000000;
	find();
	assert_all(0, 0);
	/* a slot's end within a table: the entries before it */
	machine_cpu.sregs.cr3 = 0x1000;
	machine_slots[0].bytes = 0x200c;
	find();
	assert_all(0, 512 + 1);
}

/* The last entry of the top table is the table itself, as kernels have it. */
static void test_recursive(void **state)
{
	(void)state;
	page_long(0x1000);
	set_entry(0x1000, 0, 0x2000 | P | RW | US);
	set_entry(0x2000, 0, 0x40000000 | P | RW | US | PS);
	set_entry(0x2000, 1, 0x1000 | P | RW);		/* further down */
	set_entry(0x1000, 511, 0x1000 | P | RW);
	find();
	assert_all(3, 2 * 512);
	assert_range(0, 0, 0x3fffffff, 0x40000000, 0x40000000, P | RW | US);
	assert_true(ranges.list[1].is_recursive);
	assert_int_equal(ranges.list[1].gva, 0x40000000);
	assert_int_equal(ranges.list[1].last, 0x7fffffff);
	assert_true(ranges.list[2].is_recursive);
	assert_int_equal(ranges.list[2].gva, 0xffffff8000000000);
	assert_int_equal(ranges.list[2].last, UINT64_MAX);
	assert_int_equal(ranges.list[2].gpa, 0x1000);
	assert_int_equal(ranges.list[2].page_size, 0);
	assert_int_equal(ranges.list[2].flags, P | RW);
	/* two of them side by side stay two */
	set_entry(0x1000, 510, 0x1000 | P | RW);
	find();
	assert_all(4, 2 * 512);
	/* every entry: still one table to read */
	for (uint32_t i = 0; i < 256; i++)
		set_entry(0x1000, i, 0x1000 | P);
	find();
	assert_true(ranges.is_cut);
	assert_int_equal(machine_reads, 2 + 2 + 1);
}

static void test_cut_by_ranges(void **state)
{
	(void)state;
	page_long(0x1000);
	set_entry(0x1000, 0, 0x2000 | P);
	set_entry(0x2000, 0, 0x3000 | P);
	for (uint32_t i = 0; i < GUEST_RANGES_MAX; i++)
		set_entry(0x3000, 2 * i, 0x200000 | P | PS);
	find();
	assert_all(GUEST_RANGES_MAX, 3 * 512);
	set_entry(0x3000, 511, 0x200000 | P | PS);
	find();
	assert_int_equal(ranges.count, GUEST_RANGES_MAX);
	assert_true(ranges.is_cut);
	assert_range(GUEST_RANGES_MAX - 1, 510ull << 21, (511ull << 21) - 1, 0x200000, 0x200000,
		     P);
	/* one that the last range takes in needs no place */
	set_entry(0x3000, 511, 0x400000 | P | PS);
	find();
	assert_all(GUEST_RANGES_MAX, 3 * 512);
}

/* Few tables, each entered by all entries of the one above: 2^36 pages. */
static void test_cut_by_entries(void **state)
{
	(void)state;
	page_long(0x1000);
	for (uint32_t i = 0; i < 512; i++) {
		set_entry(0x1000, i, 0x2000 | P);
		set_entry(0x2000, i, 0x3000 | P);
		set_entry(0x3000, i, 0x4000 | P);
	}
	find();
	assert_true(ranges.is_cut);
	assert_int_equal(ranges.count, 0);
	assert_int_equal(ranges.entries_read, GUEST_ENTRIES_MAX);
	assert_in_range(machine_reads, 60, 64);
	/* a full budget that was just enough is no cut: 512 * (1 + 59) */
	memset(machine_bytes, 0, sizeof(machine_bytes));
	for (uint32_t i = 0; i < 59; i++)
		set_entry(0x1000, i, 0x2000 | P);
	find();
	assert_all(0, GUEST_ENTRIES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_no_paging, machine_set_up),
		cmocka_unit_test_setup(test_32, machine_set_up),
		cmocka_unit_test_setup(test_pae, machine_set_up),
		cmocka_unit_test_setup(test_long, machine_set_up),
		cmocka_unit_test_setup(test_la57, machine_set_up),
		cmocka_unit_test_setup(test_faults, machine_set_up),
		cmocka_unit_test_setup(test_recursive, machine_set_up),
		cmocka_unit_test_setup(test_cut_by_ranges, machine_set_up),
		cmocka_unit_test_setup(test_cut_by_entries, machine_set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
