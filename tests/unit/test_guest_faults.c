/* The faults that a walk gives: tables that lead nowhere, rights that lack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest_machine.h"

static struct guest_walk walk;

static void assert_fault(uint64_t gva, enum guest_access access,
			 enum guest_fault_reason reason, uint8_t level)
{
	guest_translate(&machine_cpu, &machine_memory, gva, access, &walk);
	assert_string_equal(guest_fault_name(walk.fault.reason), guest_fault_name(reason));
	assert_int_equal(walk.fault.level, level);
	assert_int_equal(walk.has_gpa, !reason || reason >= GUEST_FAULT_NO_USER);
}

static void assert_fetch_fault(enum guest_fault_reason reason, uint8_t level)
{
	assert_fault(0x5, GUEST_FETCH, reason, level);
}

/* Tables at 0x1000 (top), 0x2000 … and the page at 0x8000: all rights. */
static void map_page(unsigned int levels)
{
	for (uint64_t i = 1; i < levels; i++)
		set_entry(i << 12, 0, (i + 1) << 12 | P | RW | US);
	set_entry(levels << 12, 0, 0x8000 | P | RW | US);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(guest_fault_name(GUEST_FAULT_NOT_PRESENT), "not_present");
	assert_string_equal(guest_fault_name(GUEST_FAULT_SMEP), "smep");
	assert_int_equal(guest_entry_names.count, 10);
	assert_string_equal(guest_entry_names.list[9].name, "NX");
}

static void test_not_present(void **state)
{
	(void)state;
	page_la57(0x1000);
	map_page(5);
	assert_fetch_fault(GUEST_FAULT_NONE, 0);
	/* all other bits of an absent entry are the program's own */
	for (uint64_t level = 1; level <= 5; level++) {
		map_page(5);
		set_entry((6 - level) << 12, 0, ~P);
		assert_fetch_fault(GUEST_FAULT_NOT_PRESENT, level);
		assert_int_equal(walk.step_count, 6 - level);
		assert_int_equal(walk.steps[5 - level].flags, 0);
		assert_int_equal(walk.page_size, 0);
	}
}

static void test_reserved_long(void **state)
{
	static const struct {
		uint64_t table, entry;	/* its address is valid */
		uint8_t level;		/* 0: no fault */
	} rows[] = {
		{ 0x1000, 0x2000 | P | PS, 5 },
		{ 0x2000, 0x3000 | P | PS, 4 },
		{ 0x3000, 0x40000000 | P | PS | 1 << 13, 3 },
		{ 0x3000, 0x40000000 | P | PS | 1 << 29, 3 },
		{ 0x3000, 0x40000000 | P | PS | 1 << 12, 0 },
		{ 0x4000, 0x200000 | P | PS | 1 << 13, 2 },
		{ 0x4000, 0x200000 | P | PS | 1 << 20, 2 },
		{ 0x5000, 0x8000 | P | PS, 0 },
		{ 0x5000, 0x8000 | P | 1ull << 51, 0 },
		{ 0x5000, 0x8000 | P | 0x7ffull << 52, 0 },
	};

	(void)state;
	page_la57(0x1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		map_page(5);
		set_entry(rows[i].table, 0, rows[i].entry);
		assert_fetch_fault(rows[i].level ? GUEST_FAULT_RESERVED_BIT : GUEST_FAULT_NONE,
				   rows[i].level);
	}
	/* a processor without pages of 1 GiB */
	map_page(5);
	machine_cpu.lacks_gib_pages = true;
	assert_fetch_fault(GUEST_FAULT_NONE, 0);
	set_entry(0x3000, 0, 0x40000000 | P | PS);
	assert_fetch_fault(GUEST_FAULT_RESERVED_BIT, 3);
	/* what is wrong is shown */
	map_page(5);
	set_entry(0x2000, 0, 0x3000 | P | PS);
	assert_fetch_fault(GUEST_FAULT_RESERVED_BIT, 4);
	assert_int_equal(walk.steps[1].flags, P | PS);
}

static void test_reserved_pae(void **state)
{
	static const struct {
		uint64_t table, entry;
		uint8_t level;
	} rows[] = {
		{ 0x1000, 0x2000 | P | RW, 3 },
		{ 0x1000, 0x2000 | P | US, 3 },
		{ 0x1000, 0x2000 | P | 1 << 5, 3 },
		{ 0x1000, 0x2000 | P | PS, 3 },
		{ 0x1000, 0x2000 | P | 1 << 8, 3 },
		{ 0x1000, 0x2000 | P | 1ull << 52, 3 },
		{ 0x1000, 0x2000 | P | NX, 3 },
		{ 0x1000, 0x2000 | P | GUEST_ENTRY_PWT | GUEST_ENTRY_PCD | 7 << 9, 0 },
		{ 0x2000, 0x3000 | P | 1ull << 52, 2 },
		{ 0x2000, 0x3000 | P | 1ull << 62, 2 },
		{ 0x2000, 0x200000 | P | PS | 1 << 20, 2 },
		{ 0x2000, 0x200000 | P | PS | 1ull << 52, 2 },
		{ 0x3000, 0x8000 | P | 1ull << 52, 1 },
		{ 0x3000, 0x8000 | P | 1ull << 62, 1 },
		{ 0x3000, 0x8000 | P | PS, 0 },
	};

	(void)state;
	page_pae(0x1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		map_page(3);
		set_entry(0x1000, 0, 0x2000 | P);
		set_entry(rows[i].table, 0, rows[i].entry);
		assert_fetch_fault(rows[i].level ? GUEST_FAULT_RESERVED_BIT : GUEST_FAULT_NONE,
				   rows[i].level);
	}
}

static void test_physical_bits(void **state)
{
	(void)state;
	page_long(0x1000);
	map_page(4);
	set_entry(0x4000, 0, 1ull << 39 | P);
	machine_cpu.physical_bits = 40;
	assert_fetch_fault(GUEST_FAULT_NONE, 0);
	machine_cpu.physical_bits = 39;
	assert_fetch_fault(GUEST_FAULT_RESERVED_BIT, 1);
	/* more than there can be is not believed */
	machine_cpu.physical_bits = 255;
	assert_fetch_fault(GUEST_FAULT_NONE, 0);
	machine_cpu.physical_bits = 0;
	set_entry(0x4000, 0, 1ull << 51 | P);
	assert_fetch_fault(GUEST_FAULT_NONE, 0);
	machine_cpu.physical_bits = 51;
	assert_fetch_fault(GUEST_FAULT_RESERVED_BIT, 1);
}

/* A table in no slot, and one whose bytes the reader can't get. */
static void test_outside(void **state)
{
	(void)state;
	page_long(0x70000000);
	assert_fetch_fault(GUEST_FAULT_OUTSIDE_MEMORY, 4);
	assert_false(walk.steps[0].is_read);
	assert_int_equal(walk.steps[0].address, 0x70000000);
	page_long(0x1000);
	map_page(4);
	set_entry(0x3000, 0, MACHINE_BYTES | P);
	assert_fetch_fault(GUEST_FAULT_OUTSIDE_MEMORY, 1);
	set_entry(0x3000, 0, 0x4000 | P);
	machine_unreadable = MACHINE_HVA + 0x4000;
	assert_fetch_fault(GUEST_FAULT_UNREADABLE, 1);
	machine_memory.slot_count = 0;
	assert_fetch_fault(GUEST_FAULT_OUTSIDE_MEMORY, 4);
	/* the page itself may be anywhere */
	assert_int_equal(machine_set_up(NULL), 0);
	page_long(0x1000);
	map_page(4);
	set_entry(0x4000, 0, 0x70000000 | P);
	assert_fetch_fault(GUEST_FAULT_NONE, 0);
	assert_int_equal(walk.gpa, 0x70000005);
}

/* All of CR3 that is an address, and none of what is not. */
static void test_root(void **state)
{
	(void)state;
	page_32(UINT64_MAX);
	assert_fetch_fault(GUEST_FAULT_OUTSIDE_MEMORY, 2);
	assert_int_equal(walk.steps[0].table, 0xfffff000);
	page_pae(UINT64_MAX);
	assert_fetch_fault(GUEST_FAULT_OUTSIDE_MEMORY, 3);
	assert_int_equal(walk.steps[0].table, 0xffffffe0);
	page_long(UINT64_MAX);
	assert_fetch_fault(GUEST_FAULT_OUTSIDE_MEMORY, 4);
	assert_int_equal(walk.steps[0].table, 0xffffffffff000);
	page_long(0x1000);
	set_entry(0x1000, 0, UINT64_MAX & ~PS);
	assert_fetch_fault(GUEST_FAULT_OUTSIDE_MEMORY, 3);
	assert_int_equal(walk.steps[1].table, 0xffffffffff000);
}

static void test_non_canonical(void **state)
{
	(void)state;
	page_long(0x1000);
	assert_fault(0x800000000000, GUEST_FETCH, GUEST_FAULT_NON_CANONICAL, 0);
	assert_fault(0xffff7fffffffffff, GUEST_FETCH, GUEST_FAULT_NON_CANONICAL, 0);
	assert_int_equal(machine_reads, 0);
	assert_fault(0x7fffffffffff, GUEST_FETCH, GUEST_FAULT_NOT_PRESENT, 4);
	assert_fault(0xffff800000000000, GUEST_FETCH, GUEST_FAULT_NOT_PRESENT, 4);
	page_la57(0x1000);
	assert_fault(0x800000000000, GUEST_FETCH, GUEST_FAULT_NOT_PRESENT, 5);
	assert_fault(0x100000000000000, GUEST_FETCH, GUEST_FAULT_NON_CANONICAL, 0);
	assert_fault(0xfeffffffffffffff, GUEST_FETCH, GUEST_FAULT_NON_CANONICAL, 0);
}

/* SDM vol. 3A, "Determination of Access Rights", line by line. */
static void test_rights(void **state)
{
	enum { WP = 1, SMEP = 2 };
	static const struct {
		uint64_t lacking, extra;	/* at level 2 */
		uint8_t cpl, control;
		enum guest_fault_reason read, write, fetch;
	} rows[] = {
		{ 0, 0, 0, 0, 0, 0, 0 },
		{ 0, 0, 3, WP, 0, 0, 0 },
		{ 0, 0, 3, SMEP, 0, 0, 0 },
		{ 0, 0, 0, SMEP, 0, 0, GUEST_FAULT_SMEP },
		{ US, 0, 0, SMEP, 0, 0, 0 },
		{ US, 0, 2, WP, 0, 0, 0 },
		{ US, 0, 3, 0, GUEST_FAULT_NO_USER, GUEST_FAULT_NO_USER, GUEST_FAULT_NO_USER },
		{ RW, 0, 0, 0, 0, 0, 0 },
		{ RW, 0, 0, WP, 0, GUEST_FAULT_NO_WRITE, 0 },
		{ RW, 0, 3, 0, 0, GUEST_FAULT_NO_WRITE, 0 },
		{ 0, NX, 0, 0, 0, 0, GUEST_FAULT_NO_EXECUTE },
		{ 0, NX, 3, 0, 0, 0, GUEST_FAULT_NO_EXECUTE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kvm_sregs *sregs = &machine_cpu.sregs;
		uint64_t rights = ((RW | US) & ~rows[i].lacking) | rows[i].extra;

		page_long(0x1000);
		sregs->ss.dpl = rows[i].cpl;
		sregs->cr0 |= rows[i].control & WP ? X86_CR0_WP : 0;
		sregs->cr4 |= rows[i].control & SMEP ? X86_CR4_SMEP : 0;
		map_page(4);
		set_entry(0x3000, 0, 0x4000 | P | rights);
		assert_fault(5, GUEST_READ, rows[i].read, rows[i].read ? 2 : 0);
		assert_int_equal(walk.rights, rights);
		assert_fault(5, GUEST_WRITE, rows[i].write, rows[i].write ? 2 : 0);
		/* SMEP faults where all levels agree: at the page */
		assert_fault(5, GUEST_FETCH, rows[i].fetch,
			     rows[i].fetch == GUEST_FAULT_SMEP ? 1 : rows[i].fetch ? 2 : 0);
	}
}

/* The first level that forbids is the one to look at. */
static void test_first_level(void **state)
{
	(void)state;
	page_long(0x1000);
	map_page(4);
	set_entry(0x2000, 0, 0x3000 | P | RW | US | NX);
	set_entry(0x4000, 0, 0x8000 | P | RW | US | NX);
	assert_fetch_fault(GUEST_FAULT_NO_EXECUTE, 3);
	/* a deeper entry that is missing comes before rights */
	set_entry(0x4000, 0, 0);
	assert_fetch_fault(GUEST_FAULT_NOT_PRESENT, 1);
}

/* Without EFER.NXE bit 63 is not "no execute" but wrong. */
static void test_no_nxe(void **state)
{
	(void)state;
	page_pae(0x1000);
	map_page(3);
	set_entry(0x1000, 0, 0x2000 | P);
	set_entry(0x3000, 0, 0x8000 | P | NX);
	assert_fetch_fault(GUEST_FAULT_NO_EXECUTE, 1);
	assert_fault(5, GUEST_READ, GUEST_FAULT_NONE, 0);
	machine_cpu.sregs.efer = 0;
	assert_fetch_fault(GUEST_FAULT_RESERVED_BIT, 1);
	assert_fault(5, GUEST_READ, GUEST_FAULT_RESERVED_BIT, 1);
	assert_int_equal(walk.steps[2].flags, P | NX);
	page_long(0x1000);
	machine_cpu.sregs.efer = EFER_LMA;
	map_page(4);
	set_entry(0x1000, 0, 0x2000 | P | NX);
	assert_fetch_fault(GUEST_FAULT_RESERVED_BIT, 4);
}

/* PAE: rights come from PDE and PTE alone. 32-bit paging: there is no NX. */
static void test_other_paging(void **state)
{
	(void)state;
	page_pae(0x1000);
	machine_cpu.sregs.ss.dpl = 3;
	map_page(3);
	set_entry(0x1000, 0, 0x2000 | P);
	assert_fault(5, GUEST_WRITE, GUEST_FAULT_NONE, 0);
	set_entry(0x2000, 0, 0x3000 | P | US);
	assert_fault(5, GUEST_WRITE, GUEST_FAULT_NO_WRITE, 2);
	page_32(0x1000);
	set_entry(0x1000, 0, 0);
	assert_fetch_fault(GUEST_FAULT_NOT_PRESENT, 2);
	set_entry32(0x1000, 0, 0x2000 | P | US);
	set_entry32(0x2000, 0, 0x8000 | P | RW);
	assert_fetch_fault(GUEST_FAULT_NO_USER, 1);
	machine_cpu.sregs.ss.dpl = 0;
	machine_cpu.sregs.cr0 |= X86_CR0_WP;
	assert_fault(5, GUEST_WRITE, GUEST_FAULT_NO_WRITE, 2);
	assert_fetch_fault(GUEST_FAULT_NONE, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_names, machine_set_up),
		cmocka_unit_test_setup(test_not_present, machine_set_up),
		cmocka_unit_test_setup(test_reserved_long, machine_set_up),
		cmocka_unit_test_setup(test_reserved_pae, machine_set_up),
		cmocka_unit_test_setup(test_physical_bits, machine_set_up),
		cmocka_unit_test_setup(test_outside, machine_set_up),
		cmocka_unit_test_setup(test_root, machine_set_up),
		cmocka_unit_test_setup(test_non_canonical, machine_set_up),
		cmocka_unit_test_setup(test_rights, machine_set_up),
		cmocka_unit_test_setup(test_first_level, machine_set_up),
		cmocka_unit_test_setup(test_no_nxe, machine_set_up),
		cmocka_unit_test_setup(test_other_paging, machine_set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
