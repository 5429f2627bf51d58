/* Instructions that a guest can't execute: found where it gets to, else not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "annotate/suspects.h"

#define GVA 0x1000

static struct guest_view view;
static struct suspect suspect;

static void set_code(unsigned int width, const char *code, size_t length)
{
	memset(&view, 0, sizeof(view));
	view.code_width = width;
	view.walk.gva = GVA;
	memcpy(view.code, code, length);
	view.code_length = length;
}

/* Codes begin at gva 0x1000; `at` 0: nothing is found. */
static const struct row {
	unsigned int width;
	const char *code;
	size_t length;
	bool has_osfxsr, has_cpuid;
	uint64_t at;
	enum suspect_kind kind;
} rows[] = {
#define CODE(bytes) bytes, sizeof(bytes) - 1
	/* movaps xmm1, xmm0 behind a nop */
	{ 64, CODE("\x90\x0f\x28\xc8"), false, true, 0x1001, SUSPECT_SSE },
	{ 64, CODE("\x90\x0f\x28\xc8"), true, true, 0, SUSPECT_NONE },
	/* vaddps with VEX is no matter of OSFXSR, nor is sfence */
	{ 64, CODE("\xc5\xf0\x58\xc2\x0f\xae\xf8"), false, true, 0, SUSPECT_NONE },
	/* call f; hlt; f: cvtsi2sd xmm0, eax; ret */
	{ 64, CODE("\xe8\x01\0\0\0\xf4\xf2\x0f\x2a\xc0\xc3"), false, true, 0x1006, SUSPECT_SSE },
	/* call f; ud2; f: ret */
	{ 64, CODE("\xe8\x02\0\0\0\x0f\x0b\xc3"), true, true, 0x1005, SUSPECT_TRAP },
	/* hlt; ud2: not reached; jmp over it neither */
	{ 64, CODE("\xf4\x0f\x0b"), true, true, 0, SUSPECT_NONE },
	{ 64, CODE("\xeb\x02\x0f\x0b\xf4"), true, true, 0, SUSPECT_NONE },
	/* jmp to itself, to far away, and back before the code */
	{ 64, CODE("\xeb\xfe"), true, true, 0, SUSPECT_NONE },
	{ 64, CODE("\xe9\xff\xff\xff\x7f"), true, true, 0, SUSPECT_NONE },
	{ 64, CODE("\xe9\0\0\0\x80"), true, true, 0, SUSPECT_NONE },
	/* call itself, more often than anybody remembers */
	{ 64, CODE("\xe8\xfb\xff\xff\xff"), true, true, 0, SUSPECT_NONE },
	/* mov cr4, rax; movaps: the guest may have switched it on */
	{ 64, CODE("\x0f\x22\xe0\x0f\x28\xc8"), false, true, 0, SUSPECT_NONE },
	/* jz over; ud2: perhaps never; loop and jrcxz are like it */
	{ 64, CODE("\x74\x02\x0f\x0b\xf4"), true, true, 0, SUSPECT_NONE },
	{ 64, CODE("\xe2\x02\x0f\x0b\xf4"), true, true, 0, SUSPECT_NONE },
	{ 64, CODE("\xe3\x02\x0f\x0b\xf4"), true, true, 0, SUSPECT_NONE },
	/* but what stands before it is met */
	{ 64, CODE("\x0f\x28\xc8\x74\x02\xf4"), false, true, 0x1000, SUSPECT_SSE },
	/* lidt [rax]; ud2: the guest's own IDT may handle it */
	{ 64, CODE("\x0f\x01\x18\x0f\x0b"), true, true, 0, SUSPECT_NONE },
	/* wrmsr wants what CPUID says that there is */
	{ 32, CODE("\x0f\x30"), true, false, 0x1000, SUSPECT_FEATURE },
	{ 32, CODE("\x0f\x30"), true, true, 0, SUSPECT_NONE },
	/* mov ax, 0x0b0f is no ud2 */
	{ 16, CODE("\xb8\x0f\x0b\xf4"), true, true, 0, SUSPECT_NONE },
	/* cut off */
	{ 64, CODE("\x0f\x28"), false, true, 0, SUSPECT_NONE },
	{ 64, CODE(""), false, false, 0, SUSPECT_NONE },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		const struct suspect_state guest = { row->has_osfxsr,
						     row->has_cpuid };
		bool is_found;

		set_code(row->width, row->code, row->length);
		is_found = suspects_find(&view, guest, &suspect);
		if (is_found != (row->at != 0))
			fail_msg("row %zu", i);
		if (!is_found)
			continue;
		assert_int_equal(suspect.kind, row->kind);
		assert_int_equal(suspect.gva, row->at);
		assert_true(suspect.text[0]);
	}
}

static void test_look(void **state)
{
	const struct suspect_state guest = { true, true };

	(void)state;
	set_code(64, "\x90\x0f\x0b", 3);
	assert_true(suspects_look(&view, guest, GVA, &suspect));
	assert_int_equal(suspect.kind, SUSPECT_NONE);
	assert_string_equal(suspect.text, "nop");
	assert_true(suspects_look(&view, guest, GVA + 1, &suspect));
	assert_int_equal(suspect.kind, SUSPECT_TRAP);
	assert_false(suspects_look(&view, guest, GVA + 3, &suspect));
	assert_false(suspects_look(&view, guest, GVA - 1, &suspect));
	assert_false(suspects_look(&view, guest, 0xfff0, &suspect));
}

/* Any bytes: it ends, and stays within the code. */
static void test_noise(void **state)
{
	const struct suspect_state guest = { false, false };
	uint32_t random = 1;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char code[GUEST_CODE_BYTES];

		for (size_t j = 0; j < sizeof(code); j++) {
			random = random * 1664525 + 1013904223;
			code[j] = (char)(random >> 24);
		}
		set_code(i % 3 == 0 ? 16 : i % 3 == 1 ? 32 : 64, code,
			 random % (sizeof(code) + 1));
		if (suspects_find(&view, guest, &suspect))
			assert_true(suspect.gva - GVA < view.code_length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
