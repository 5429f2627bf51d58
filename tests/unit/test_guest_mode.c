/* The guest's mode, what decides it, and where its next instruction is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "guest_machine.h"

#define PE X86_CR0_PE
#define PG X86_CR0_PG
#define PAE X86_CR4_PAE
#define LA57 X86_CR4_LA57
#define LMA EFER_LMA

static const struct row {
	uint64_t cr0, cr4, efer;
	uint8_t cs_l;
	enum guest_mode mode;
	const char *name, *bits;
} rows[] = {
	{ 0, 0, 0, 0, GUEST_REAL, "real", "CR0.PE=0" },
	{ PG, PAE, LMA, 1, GUEST_REAL, "real", "CR0.PE=0" },
	{ PE, 0, 0, 0, GUEST_PROTECTED, "protected", "CR0.PE=1 CR0.PG=0" },
	{ PE, PAE, 1 << 8, 0, GUEST_PROTECTED, "protected", "CR0.PE=1 CR0.PG=0" },
	{ PE | PG, 0, 0, 0, GUEST_PAGED32, "paged32", "CR0.PE=1 CR0.PG=1 CR4.PAE=0" },
	{ PE | PG, PAE, 0, 0, GUEST_PAE, "pae", "CR0.PE=1 CR0.PG=1 CR4.PAE=1 EFER.LMA=0" },
	/* LME alone isn't long mode, nor is LA57 */
	{ PE | PG, PAE | LA57, 1 << 8, 0, GUEST_PAE, "pae",
	  "CR0.PE=1 CR0.PG=1 CR4.PAE=1 EFER.LMA=0" },
	{ PE | PG, PAE, LMA, 0, GUEST_COMPAT, "compat",
	  "CR0.PE=1 CR0.PG=1 CR4.PAE=1 EFER.LMA=1 CS.L=0" },
	{ PE | PG, PAE | LA57, LMA, 0, GUEST_COMPAT, "compat",
	  "CR0.PE=1 CR0.PG=1 CR4.PAE=1 EFER.LMA=1 CS.L=0" },
	{ PE | PG, PAE, LMA, 1, GUEST_LONG, "long",
	  "CR0.PE=1 CR0.PG=1 CR4.PAE=1 CR4.LA57=0 EFER.LMA=1 CS.L=1" },
	{ PE | PG, PAE | LA57, LMA, 1, GUEST_LA57, "la57",
	  "CR0.PE=1 CR0.PG=1 CR4.PAE=1 CR4.LA57=1 EFER.LMA=1 CS.L=1" },
};

static void write_bits(const struct kvm_sregs *sregs, char *text, size_t size)
{
	struct guest_bit bits[GUEST_BITS_MAX];
	size_t count = guest_find_bits(sregs, bits);
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		used += snprintf(text + used, size - used, "%s%s=%d", i ? " " : "",
				 bits[i].name, bits[i].is_set);
}

static void test_modes(void **state)
{
	char text[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kvm_sregs sregs = {
			.cr0 = rows[i].cr0, .cr4 = rows[i].cr4, .efer = rows[i].efer,
			.cs.l = rows[i].cs_l,
		};

		assert_int_equal(guest_find_mode(&sregs), rows[i].mode);
		assert_string_equal(guest_mode_name(rows[i].mode), rows[i].name);
		write_bits(&sregs, text, sizeof(text));
		assert_string_equal(text, rows[i].bits);
	}
}

/* Each of the 64 states has a mode, and bits that don't decide change none. */
static void test_all_states(void **state)
{
	(void)state;
	for (unsigned int bits = 0; bits < 64; bits++) {
		struct kvm_sregs sregs = {
			.cr0 = (bits & 1 ? PE : 0) | (bits & 2 ? PG : 0),
			.cr4 = (bits & 4 ? PAE : 0) | (bits & 8 ? LA57 : 0),
			.efer = bits & 16 ? LMA : 0,
			.cs.l = bits >> 5,
		};
		enum guest_mode mode = guest_find_mode(&sregs);

		assert_in_range(mode, GUEST_REAL, GUEST_LA57);
		sregs.cr0 ^= X86_CR0_WP | X86_CR0_ET;
		sregs.cr4 ^= X86_CR4_PSE;
		sregs.efer ^= EFER_NXE;
		sregs.cs.db ^= 1;
		assert_int_equal(guest_find_mode(&sregs), mode);
	}
}

static void test_code(void **state)
{
	struct kvm_sregs *sregs = &machine_cpu.sregs;

	(void)state;
	sregs->cs.base = 0xffff0000;
	assert_int_equal(guest_code_width(sregs), 16);
	assert_int_equal(guest_code_address(sregs, 0xfff0), 0xfffffff0);
	/* 32-bit addresses wrap, and RIP has 32 bits */
	assert_int_equal(guest_code_address(sregs, 0x10010), 0x10);
	assert_int_equal(guest_code_address(sregs, 0x500000008), 0xffff0008);
	sregs->cs.db = 1;
	assert_int_equal(guest_code_width(sregs), 32);
	page_32(0);
	assert_int_equal(guest_code_width(sregs), 32);
	page_long(0);
	assert_int_equal(guest_code_width(sregs), 64);
	assert_int_equal(guest_code_address(sregs, 0xffffffff80000000), 0xffffffff80000000);
	sregs->cs.l = 0;
	assert_int_equal(guest_code_width(sregs), 32);
	assert_int_equal(guest_code_address(sregs, 0x1ffffffff), 0xfffeffff);
	sregs->cs.db = 0;
	assert_int_equal(guest_code_width(sregs), 16);
}

static void test_cpl(void **state)
{
	(void)state;
	machine_cpu.sregs.ss.dpl = 3;
	assert_int_equal(guest_find_cpl(&machine_cpu.sregs), 0);
	page_32(0);
	assert_int_equal(guest_find_cpl(&machine_cpu.sregs), 3);
}

static void test_sregs2(void **state)
{
	struct kvm_sregs2 sregs2 = {
		.cr3 = 0x1000, .efer = LMA, .apic_base = 0xfee00900, .cs.l = 1,
		.flags = KVM_SREGS2_FLAGS_PDPTRS_VALID, .pdptrs = { 1, 2, 3, 4 },
	};

	(void)state;
	machine_cpu.sregs.interrupt_bitmap[1] = 7;
	machine_cpu.physical_bits = 39;
	guest_set_sregs2(&machine_cpu, &sregs2);
	assert_int_equal(machine_cpu.sregs.cr3, 0x1000);
	assert_int_equal(machine_cpu.sregs.apic_base, 0xfee00900);
	assert_int_equal(machine_cpu.sregs.cs.l, 1);
	assert_int_equal(machine_cpu.sregs.interrupt_bitmap[1], 0);
	assert_true(machine_cpu.has_pdptrs);
	assert_int_equal(machine_cpu.pdptrs[3], 4);
	assert_int_equal(machine_cpu.physical_bits, 39);
	sregs2.flags = 0;
	guest_set_sregs2(&machine_cpu, &sregs2);
	assert_false(machine_cpu.has_pdptrs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_modes, machine_set_up),
		cmocka_unit_test_setup(test_all_states, machine_set_up),
		cmocka_unit_test_setup(test_code, machine_set_up),
		cmocka_unit_test_setup(test_cpl, machine_set_up),
		cmocka_unit_test_setup(test_sregs2, machine_set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
