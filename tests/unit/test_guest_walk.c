/* The walk through page tables: each kind of paging, each size of page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest_machine.h"

static struct guest_walk walk;

static void translate(uint64_t gva)
{
	guest_translate(&machine_cpu, &machine_memory, gva, GUEST_FETCH, &walk);
}

static void assert_page(uint64_t gpa, uint64_t page_size, size_t steps)
{
	assert_int_equal(walk.fault.reason, GUEST_FAULT_NONE);
	assert_true(walk.has_gpa);
	assert_int_equal(walk.gpa, gpa);
	assert_int_equal(walk.page_size, page_size);
	assert_int_equal(walk.step_count, steps);
}

static void assert_step(size_t i, uint8_t level, const char *name, uint64_t table,
			uint32_t index, uint64_t address, uint64_t entry)
{
	const struct guest_step *step = &walk.steps[i];

	assert_true(i < walk.step_count);
	assert_int_equal(step->level, level);
	assert_string_equal(step->name, name);
	assert_int_equal(step->table, table);
	assert_int_equal(step->index, index);
	assert_int_equal(step->address, address);
	assert_true(step->is_read);
	assert_int_equal(step->entry, entry);
}

static void test_no_paging(void **state)
{
	(void)state;
	translate(0x100012345);
	assert_page(0x12345, 0, 0);
	machine_cpu.sregs.cr0 = X86_CR0_PE;
	machine_cpu.sregs.ss.dpl = 3;
	translate(0xfffffff0);
	assert_page(0xfffffff0, 0, 0);
	assert_int_equal(machine_reads, 0);
}

/* gva 0x80801abc: PD 514, PT 1 */
static void test_32(void **state)
{
	(void)state;
	page_32(0x1018);	/* PWT and PCD are not of the address */
	set_entry32(0x1000, 514, 0x2000 | P | RW | US);
	set_entry32(0x2000, 1, 0x3000 | P | RW | GUEST_ENTRY_G | GUEST_ENTRY_D);
	translate(0x80801abc);
	assert_page(0x3abc, 0x1000, 2);
	assert_step(0, 2, "PD", 0x1000, 514, 0x1808, 0x2007);
	assert_step(1, 1, "PT", 0x2000, 1, 0x2004, 0x3143);
	assert_int_equal(walk.steps[1].flags, 0x143);
	assert_int_equal(walk.rights, RW);
	/* without CR4.PSE, PS in a PDE says nothing; in a PTE it is PAT */
	set_entry32(0x1000, 514, 0x2000 | P | PS | GUEST_ENTRY_D);
	set_entry32(0x2000, 1, 0xfffff000 | P | PS);
	translate(0x80801abc);
	assert_page(0xfffffabc, 0x1000, 2);
	assert_int_equal(walk.steps[0].flags, P);
	assert_int_equal(walk.steps[1].flags, P);
}

static void test_32_large(void **state)
{
	(void)state;
	page_32(0x1000);
	machine_cpu.sregs.cr4 = X86_CR4_PSE;
	set_entry32(0x1000, 1, 0x80400000 | P | RW | PS | 1 << 12);
	translate(0x7fffff);
	assert_page(0x807fffff, 0x400000, 1);
	assert_int_equal(walk.steps[0].flags, P | RW | PS);
	/* PSE-36: bits 20:13 are 39:32 of the address, 21 is reserved */
	set_entry32(0x1000, 1, 0x80400000 | P | PS | 0xa5 << 13);
	translate(0x400000);
	assert_page(0xa580400000, 0x400000, 1);
	set_entry32(0x1000, 1, 0x80400000 | P | PS | 1 << 21);
	translate(0x400000);
	assert_int_equal(walk.fault.reason, GUEST_FAULT_RESERVED_BIT);
	machine_cpu.physical_bits = 36;
	set_entry32(0x1000, 1, 0x80400000 | P | PS | 0x0f << 13);
	translate(0x400000);
	assert_page(0xf80400000, 0x400000, 1);
	set_entry32(0x1000, 1, 0x80400000 | P | PS | 0x10 << 13);
	translate(0x400000);
	assert_int_equal(walk.fault.reason, GUEST_FAULT_RESERVED_BIT);
}

/* gva 0xc0403abc: PDPT 3, PD 2, PT 3 */
static void test_pae(void **state)
{
	(void)state;
	page_pae(0x1020);	/* 32-byte aligned */
	set_entry(0x1020, 3, 0x2000 | P);
	set_entry(0x2000, 2, 0x3000 | P | RW | US);
	set_entry(0x3000, 3, 0xffffff0004000 | P | RW | US);
	translate(0xc0403abc);
	assert_page(0xffffff0004abc, 0x1000, 3);
	assert_step(0, 3, "PDPT", 0x1020, 3, 0x1038, 0x2001);
	assert_step(1, 2, "PD", 0x2000, 2, 0x2010, 0x3007);
	assert_step(2, 1, "PT", 0x3000, 3, 0x3018, 0xffffff0004007);
	/* a PDPTE has no rights to give */
	assert_int_equal(walk.rights, RW | US);
	/* 2 MiB, whatever CR4.PSE is */
	set_entry(0x2000, 2, 0x600000 | P | PS);
	translate(0x1c0403abc);
	assert_page(0x603abc, 0x200000, 2);
	assert_int_equal(walk.gva, 0xc0403abc);
}

static void test_pdptrs(void **state)
{
	(void)state;
	page_pae(0x70000000);	/* memory is not asked */
	machine_cpu.has_pdptrs = true;
	machine_cpu.pdptrs[1] = 0x2000 | P;
	set_entry(0x2000, 0, 0x200000 | P | PS);
	translate(0x40000123);
	assert_page(0x200123, 0x200000, 2);
	assert_true(walk.steps[0].in_register);
	assert_step(0, 3, "PDPT", 0x70000000, 1, 0x70000008, 0x2001);
	assert_false(walk.steps[1].in_register);
	assert_int_equal(machine_reads, 1);
	translate(0x80000000);
	assert_int_equal(walk.fault.reason, GUEST_FAULT_NOT_PRESENT);
	assert_int_equal(walk.fault.level, 3);
}

/* PML4 1, PDPT 2, PD 3, PT 4, offset 5: each size of page on the way */
static void test_long(void **state)
{
	const uint64_t gva = 1ull << 39 | 2ull << 30 | 3ull << 21 | 4ull << 12 | 5;

	(void)state;
	page_long(0x1000);
	set_entry(0x1000, 1, 0x2000 | P | RW | US);
	set_entry(0x2000, 2, 0x3000 | P | RW | US | 0x7ffull << 52);
	set_entry(0x3000, 3, 0x4000 | P | RW | US);
	set_entry(0x4000, 4, 0xfedcba9876000 | P | RW | US | PS);
	translate(gva);
	assert_page(0xfedcba9876005, 0x1000, 4);
	assert_step(0, 4, "PML4", 0x1000, 1, 0x1008, 0x2007);
	assert_step(1, 3, "PDPT", 0x2000, 2, 0x2010, 0x7ff0000000003007);
	assert_step(2, 2, "PD", 0x3000, 3, 0x3018, 0x4007);
	assert_step(3, 1, "PT", 0x4000, 4, 0x4020, 0xfedcba9876087);
	assert_int_equal(walk.steps[3].flags, P | RW | US);
	set_entry(0x3000, 3, 0xe00000 | P | RW | PS | 1 << 12);
	translate(gva);
	assert_page(0xe04005, 0x200000, 3);
	assert_int_equal(walk.rights, RW);
	set_entry(0x2000, 2, 0x1c0000000 | P | US | PS | GUEST_ENTRY_A);
	translate(gva);
	assert_page(0x1c0604005, 0x40000000, 2);
	assert_int_equal(walk.steps[1].flags, P | US | PS | GUEST_ENTRY_A);
	assert_int_equal(walk.rights, US);
}

static void test_la57(void **state)
{
	(void)state;
	page_la57(0x1000);
	set_entry(0x1000, 511, 0x2000 | P | RW);
	set_entry(0x2000, 511, 0x3000 | P | RW);
	set_entry(0x3000, 510, 0x40000000 | P | RW | PS);
	translate(0xffffffff80000042);
	assert_page(0x40000042, 0x40000000, 3);
	assert_step(0, 5, "PML5", 0x1000, 511, 0x1ff8, 0x2003);
	assert_step(1, 4, "PML4", 0x2000, 511, 0x2ff8, 0x3003);
	assert_step(2, 3, "PDPT", 0x3000, 510, 0x3ff0, 0x40000083);
	/* compatibility mode walks the same tables */
	machine_cpu.sregs.cs.l = 0;
	set_entry(0x1000, 0, 0x2000 | P);
	set_entry(0x2000, 0, 0x3000 | P);
	set_entry(0x3000, 3, 0x80000000 | P | PS);
	translate(0xc0000000);
	assert_page(0x80000000, 0x40000000, 3);
	assert_int_equal(walk.steps[0].level, 5);
}

/* Tables in two slots, and an entry that lies across both. */
static void test_slots(void **state)
{
	(void)state;
	machine_slots[0].bytes = 0x2000;
	machine_slots[1] = (struct guest_slot){ 1, 0, 0x2000, 0x2000, MACHINE_HVA + 0x10000 };
	machine_memory.slot_count = 2;
	page_long(0x1000);
	set_entry(0x1000, 0, 0x2000 | P);
	set_entry(0x10000, 0, 0x8000000000 | P | PS);
	translate(0x123);
	assert_page(0x8000000123, 0x40000000, 2);
	machine_slots[0].bytes = 0x1004;
	machine_slots[1] = (struct guest_slot){ 1, 0, 0x1004, 0x2000, MACHINE_HVA + 0x1004 };
	set_entry(0x2000, 0, 0x4000000000 | P | PS);
	translate(0x123);
	assert_page(0x4000000123, 0x40000000, 2);
}

/* Code that goes on from one page to another, elsewhere in memory. */
static void test_fetch(void **state)
{
	uint8_t bytes[8];

	(void)state;
	page_32(0x1000);
	set_entry32(0x1000, 0, 0x2000 | P);
	set_entry32(0x2000, 1, 0x9000 | P);
	set_entry32(0x2000, 2, 0x5000 | P);
	set_letters(0x9ffd, "abc");
	set_letters(0x5000, "defgh");
	assert_int_equal(guest_fetch(&machine_cpu, &machine_memory, 0x1ffd, bytes, 8), 8);
	assert_memory_equal(bytes, "abcdefgh", 8);
	set_entry32(0x2000, 2, 0);
	assert_int_equal(guest_fetch(&machine_cpu, &machine_memory, 0x1ffd, bytes, 8), 3);
	/* mapped, but to no slot */
	set_entry32(0x2000, 2, 0x70000000 | P);
	assert_int_equal(guest_fetch(&machine_cpu, &machine_memory, 0x1ffd, bytes, 8), 3);
	machine_cpu.sregs.cr0 = 0;
	assert_int_equal(guest_fetch(&machine_cpu, &machine_memory,
				     MACHINE_BYTES - 2, bytes, 8), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_no_paging, machine_set_up),
		cmocka_unit_test_setup(test_32, machine_set_up),
		cmocka_unit_test_setup(test_32_large, machine_set_up),
		cmocka_unit_test_setup(test_pae, machine_set_up),
		cmocka_unit_test_setup(test_pdptrs, machine_set_up),
		cmocka_unit_test_setup(test_long, machine_set_up),
		cmocka_unit_test_setup(test_la57, machine_set_up),
		cmocka_unit_test_setup(test_slots, machine_set_up),
		cmocka_unit_test_setup(test_fetch, machine_set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
