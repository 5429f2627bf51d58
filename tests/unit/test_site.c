/* Sites: what may be displaced before a `syscall`, and the stubs' code. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/inprocess/site.h"

#define CODE 0x7f0000100000
#define BEFORE 512	/* bytes of code in front of a site's own */
#define STUB 0x7effc0000000
#define AGENT 0x6b766d740000

/* What follows a site's `syscall`; sites are between two such functions. */
static const uint8_t filler[] = {
	0x48, 0x3d, 0x01, 0xf0, 0xff, 0xff,	/* cmp $-4095,%rax */
	0x73, 0x01,				/* jae over the next */
	0xc3,					/* ret */
	0xf7, 0xd8,				/* neg %eax */
	0x89, 0x05, 0x00, 0x10, 0x00, 0x00,	/* mov %eax,…(%rip) */
	0xc3,					/* ret */
	0x90, 0x90,				/* nop */
};

struct image {
	uint8_t bytes[4 * BEFORE];
	struct site_code code;
	struct site_plan plan;
	const char *why;
};

static void fill(uint8_t *bytes, size_t length)
{
	/* From the end, so that the last one is whole. */
	for (size_t i = 0; i < length; i++)
		bytes[length - 1 - i] =
			filler[sizeof(filler) - 1 - i % sizeof(filler)];
}

/* `set_up` between functions, and the `syscall` behind it. */
static void make_image(struct image *image, const uint8_t *set_up,
		       size_t length)
{
	uint8_t *site = image->bytes + BEFORE;

	memset(image, 0, sizeof(*image));
	fill(image->bytes, BEFORE);
	memcpy(site, set_up, length);
	memcpy(site + length, "\x0f\x05", 2);
	for (size_t i = 0; i < 2 * BEFORE; i++)
		site[length + 2 + i] = filler[i % sizeof(filler)];
	image->code = (struct site_code){
		.bytes = image->bytes, .address = CODE - BEFORE,
		.length = BEFORE + length + 2 + 2 * BEFORE,
		.syscall = BEFORE + length, .start = SITE_NO_START,
	};
}

static int plan(struct image *image)
{
	return site_make_plan(&image->code, &image->plan, &image->why);
}

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, \
	sizeof((const uint8_t[]){ __VA_ARGS__ })

static void assert_plan(const uint8_t *set_up, size_t length,
			uint8_t displaced, uint8_t inner)
{
	struct image image;

	make_image(&image, set_up, length);
	assert_int_equal(plan(&image), 0);
	assert_int_equal(image.plan.length, displaced);
	assert_int_equal(image.plan.inner, inner);
	assert_int_equal(image.plan.syscall, CODE + length);
	assert_int_equal(image.plan.address, CODE + length - displaced);
	assert_memory_equal(image.plan.bytes, set_up + length - displaced,
			    displaced);
}

static void assert_refused(const uint8_t *set_up, size_t length,
			   const char *why)
{
	struct image image;

	make_image(&image, set_up, length);
	assert_int_equal(plan(&image), -ENOTSUP);
	assert_string_equal(image.why, why);
}

static const char stack_changes[] =
	"the stack pointer changes before the system call";
static const char not_movable[] =
	"an instruction before the system call can't be moved";
static const char branch_before[] =
	"a branch ends just before the system call";
static const char uncertain[] =
	"no instructions are certain before the system call";
static const char branch_into[] =
	"a branch leads to just before the system call";

/* glibc 2.36: lea 0x20(%rsp),%rax; mov %rax,0x10(%rsp); mov $16,%eax */
#define GLIBC_IOCTL 0x48, 0x8d, 0x44, 0x24, 0x20, 0x48, 0x89, 0x44, 0x24, \
	0x10, 0xb8, 0x10, 0, 0, 0
/* glibc's syscall(): mov %r8,%r10; mov %r9,%r8; mov 8(%rsp),%r9 */
#define GLIBC_SYSCALL 0x4d, 0x89, 0xc2, 0x4d, 0x89, 0xc8, \
	0x4c, 0x8b, 0x4c, 0x24, 0x08
/* Go's Syscall6: mov %rdi,%rdx; mov %rcx,%rsi; mov %rbx,%rdi */
#define GO_SYSCALL6 0x48, 0x89, 0xfa, 0x48, 0x89, 0xce, 0x48, 0x89, 0xdf

static void test_form_a(void **state)
{
	struct image image;

	(void)state;
	assert_plan(BYTES(GLIBC_IOCTL), 5, 0);
	make_image(&image, BYTES(GLIBC_IOCTL));
	assert_int_equal(plan(&image), 0);
	assert_true(image.plan.is_ioctl);
}

/* The bytes of form A as the tail of mov $16,%r8d and of mov $16,%rax. */
static void test_not_form_a(void **state)
{
	struct image image;

	(void)state;
	assert_plan(BYTES(0x41, 0xb8, 0x10, 0, 0, 0), 6, 0);
	assert_plan(BYTES(0x48, 0xc7, 0xc0, 0x10, 0, 0, 0), 7, 0);
	assert_plan(BYTES(0xb8, 0x11, 0, 0, 0), 5, 0);
	make_image(&image, BYTES(0xb8, 0x11, 0, 0, 0));
	assert_int_equal(plan(&image), 0);
	assert_false(image.plan.is_ioctl);
}

static void test_form_b(void **state)
{
	(void)state;
	assert_plan(BYTES(GLIBC_SYSCALL), 5, 0);
	assert_plan(BYTES(GO_SYSCALL6), 6, 1 << 3);
	/* gcc's inline assembler: xor %edx,%edx; mov %r12d,%edi; mov $16,%eax;
	 * mov %rbx,%rsi: the shortest that begins with five bytes is longer. */
	assert_plan(BYTES(0x31, 0xd2, 0x44, 0x89, 0xe7, 0xb8, 0x10, 0, 0, 0,
			  0x48, 0x89, 0xde), 8, 0);
	/* mov %r12d,%eax; nop; xor %edx,%edx */
	assert_plan(BYTES(0x44, 0x89, 0xe0, 0x90, 0x31, 0xd2), 6,
		    1 << 3 | 1 << 4);
}

/* Only what the jump overwrites, and no more than fits, is looked at. */
static void test_longest(void **state)
{
	(void)state;
	/* movabs $…,%rsi; mov $1,%dx; nop: 15 bytes, better than 5 */
	assert_plan(BYTES(0x48, 0xbe, 1, 2, 3, 4, 5, 6, 7, 8, 0x66, 0xba, 1, 0,
			  0x90), 15, 0);
	/* With one more it doesn't fit. */
	assert_plan(BYTES(0x48, 0xbe, 1, 2, 3, 4, 5, 6, 7, 8, 0x66, 0xba, 1, 0,
			  0x90, 0x90), 6, 1 << 4);
	/* push %rbx is left where it is */
	assert_plan(BYTES(0x53, 0xb8, 0x10, 0, 0, 0), 5, 0);
}

static void test_refused(void **state)
{
	(void)state;
	/* push $16; pop %rax */
	assert_refused(BYTES(0x31, 0xd2, 0x31, 0xf6, 0x6a, 0x10, 0x58),
		       stack_changes);
	/* sub $8,%rsp; nop */
	assert_refused(BYTES(0x48, 0x83, 0xec, 0x08, 0x90), stack_changes);
	/* mov %rsp,%rbp reads it only; mov %rbp,%rsp writes it */
	assert_plan(BYTES(0x48, 0x89, 0xe5, 0x31, 0xd2), 5, 1 << 3);
	assert_refused(BYTES(0x48, 0x89, 0xec, 0x31, 0xd2), stack_changes);
	/* mov %eax,%fs; nop … */
	assert_refused(BYTES(0x8e, 0xe0, 0x90, 0x90, 0x90), not_movable);
	/* cpuid; xor %edx,%edx; nop */
	assert_refused(BYTES(0x0f, 0xa2, 0x31, 0xd2, 0x90), not_movable);
	/* call *%rax; mov %ebx,%eax; nop */
	assert_refused(BYTES(0xff, 0xd0, 0x89, 0xd8, 0x90), branch_before);
	/* je over nothing; mov %r9,%rax */
	assert_refused(BYTES(0x74, 0x00, 0x4c, 0x89, 0xc8), branch_before);
	/* int $0x80; mov %r9,%rax */
	assert_refused(BYTES(0xcd, 0x80, 0x4c, 0x89, 0xc8), branch_before);
}

static void test_no_syscall(void **state)
{
	struct image image;

	(void)state;
	make_image(&image, BYTES(GLIBC_IOCTL));
	image.bytes[image.code.syscall] = 0xcd;	/* int $5 */
	assert_int_equal(plan(&image), -ENOTSUP);
	assert_string_equal(image.why, "not a `syscall` instruction");
	make_image(&image, BYTES(GLIBC_IOCTL));
	image.code.length = image.code.syscall + 1;
	assert_int_equal(plan(&image), -ENOTSUP);
}

/* Go's set-up with a short jump to `target`, from before or from behind. */
static int plan_with_jump(struct image *image, size_t at, size_t target)
{
	make_image(image, BYTES(GO_SYSCALL6));
	image->bytes[at] = 0xeb;
	image->bytes[at + 1] = (uint8_t)(target - (at + 2));
	return plan(image);
}

static void test_branches_into(void **state)
{
	struct image image;
	size_t site = BEFORE, behind = BEFORE + 9 + 2;

	(void)state;
	/* To its end, and to its beginning: those are no harm. */
	assert_int_equal(plan_with_jump(&image, behind, site + 9), 0);
	assert_int_equal(image.plan.length, 6);
	assert_int_equal(plan_with_jump(&image, behind, site + 3), 0);
	assert_int_equal(image.plan.length, 6);
	/* To its inside: what is longer has it behind the jump's bytes. */
	assert_int_equal(plan_with_jump(&image, behind, site + 6), 0);
	assert_int_equal(image.plan.length, 9);
	assert_int_equal(image.plan.inner, 1 << 3);
	assert_int_equal(plan_with_jump(&image, site - 9, site + 6), 0);
	assert_int_equal(image.plan.length, 9);
}

static void test_branches_everywhere(void **state)
{
	struct image image;
	size_t behind = BEFORE + 15 + 2;

	(void)state;
	make_image(&image, BYTES(0x48, 0x89, 0xfa, 0x48, 0x89, 0xfa, 0x48, 0x89,
				 0xfa, 0x48, 0x89, 0xfa, 0x48, 0x89, 0xfa));
	for (size_t i = 0; i < 4; i++) {
		image.bytes[behind + 2 * i] = 0x75;	/* jne */
		image.bytes[behind + 2 * i + 1] =
			(uint8_t)(3 * (i + 1) - (15 + 4 + 2 * i));
	}
	assert_int_equal(plan(&image), -ENOTSUP);
	assert_string_equal(image.why, branch_into);
}

/*
 * b8 b8 b8 b8 b8 is an instruction: in a row of them each byte may begin one,
 * and nothing but the function's start tells which.
 */
static void test_uncertain(void **state)
{
	struct image image;

	(void)state;
	make_image(&image, BYTES(0x90, 0x90, 0x90, 0x90, 0x90));
	memset(image.bytes, 0xb8, BEFORE);
	assert_int_equal(plan(&image), -ENOTSUP);
	assert_string_equal(image.why, uncertain);
	image.code.start = BEFORE - 100;
	assert_int_equal(plan(&image), 0);
	assert_int_equal(image.plan.length, 10);
	image.code.start = BEFORE - 99;
	assert_int_equal(plan(&image), 0);
	assert_int_equal(image.plan.length, 9);
}

/* Zeros before a function may be data: b8 could belong to one of them. */
static void test_behind_data(void **state)
{
	struct image image;

	(void)state;
	make_image(&image, BYTES(0xb8, 0x10, 0, 0, 0));
	memset(image.bytes, 0, BEFORE);
	assert_int_equal(plan(&image), -ENOTSUP);
	assert_string_equal(image.why, uncertain);
	image.code.start = BEFORE;
	assert_int_equal(plan(&image), 0);
	assert_true(image.plan.is_ioctl);
}

static void test_start_of_mapping(void **state)
{
	struct site_code code = {
		BYTES(0xb8, 0x10, 0, 0, 0, 0x0f, 0x05), CODE, 5, SITE_NO_START,
	};
	struct site_plan ret;
	const char *why;

	(void)state;
	assert_int_equal(site_make_plan(&code, &ret, &why), 0);
	assert_true(ret.is_ioctl);
	code.syscall = 0;
	code.bytes += 5;
	code.length = 2;
	assert_int_equal(site_make_plan(&code, &ret, &why), -ENOTSUP);
	assert_string_equal(why, uncertain);
}

static int32_t read_distance(const uint8_t *bytes)
{
	int32_t distance;

	memcpy(&distance, bytes, sizeof(distance));
	return distance;
}

static void test_stub_of_form_a(void **state)
{
	static const uint8_t head[] = { 0xb8, 0x10, 0, 0, 0, 0x48, 0x8d, 0x0d };
	uint8_t stub[SITE_STUB_BYTES], jump[SITE_JUMP_BYTES];
	struct image image;
	uint64_t agent;

	(void)state;
	make_image(&image, BYTES(GLIBC_IOCTL));
	assert_int_equal(plan(&image), 0);
	assert_int_equal(site_encode(&image.plan, STUB, AGENT, stub, jump), 0);
	assert_int_equal(jump[0], 0xe9);
	assert_int_equal(image.plan.address + 5 + read_distance(jump + 1),
			 STUB);
	assert_memory_equal(stub, head, sizeof(head));
	assert_int_equal(STUB + 12 + read_distance(stub + 8),
			 image.plan.syscall + 2);
	assert_memory_equal(stub + 12, "\xff\x25", 2);
	memcpy(&agent, stub + 18 + read_distance(stub + 14), sizeof(agent));
	assert_int_equal(agent, AGENT);
}

static void test_stub_of_form_b(void **state)
{
	static const uint8_t test[] = { 0x48, 0x8d, 0x48, 0xf0, 0xe3, 5, 0xe9 };
	uint8_t stub[SITE_STUB_BYTES], jump[SITE_JUMP_BYTES];
	struct image image;

	(void)state;
	make_image(&image, BYTES(GO_SYSCALL6));
	assert_int_equal(plan(&image), 0);
	assert_int_equal(site_encode(&image.plan, STUB, AGENT, stub, jump), 0);
	assert_memory_equal(stub, image.plan.bytes, 6);
	assert_memory_equal(stub + 6, test, sizeof(test));
	assert_int_equal(STUB + 17 + read_distance(stub + 13),
			 image.plan.syscall);
	assert_memory_equal(stub + 17, "\x48\x8d\x0d", 3);
	assert_int_equal(STUB + 24 + read_distance(stub + 20),
			 image.plan.syscall + 2);
}

/* mov 0x1000(%rip),%rsi; lea -16(%rip),%rdi: the same places from the stub. */
static void test_rip_relative(void **state)
{
	uint8_t stub[SITE_STUB_BYTES], jump[SITE_JUMP_BYTES];
	struct image image;

	(void)state;
	make_image(&image, BYTES(0x48, 0x8b, 0x35, 0, 0x10, 0, 0, 0x90, 0x89,
				 0xd8));
	assert_int_equal(plan(&image), 0);
	assert_int_equal(image.plan.length, 10);
	assert_int_equal(image.plan.operand_count, 1);
	assert_int_equal(site_encode(&image.plan, STUB, AGENT, stub, jump), 0);
	assert_int_equal(STUB + 7 + read_distance(stub + 3), CODE + 7 + 0x1000);

	make_image(&image, BYTES(0x48, 0x8d, 0x3d, 0xf0, 0xff, 0xff, 0xff));
	assert_int_equal(plan(&image), 0);
	assert_int_equal(site_encode(&image.plan, STUB, AGENT, stub, jump), 0);
	assert_int_equal(STUB + 7 + read_distance(stub + 3), CODE + 7 - 16);
	/* The same with a 32-bit address: refused. */
	assert_refused(BYTES(0x67, 0x8d, 0x3d, 0, 0, 0, 0), not_movable);
}

static void test_out_of_reach(void **state)
{
	uint8_t stub[SITE_STUB_BYTES], jump[SITE_JUMP_BYTES];
	struct image image;

	(void)state;
	make_image(&image, BYTES(GO_SYSCALL6));
	assert_int_equal(plan(&image), 0);
	assert_int_equal(site_encode(&image.plan, CODE - (1ull << 31) - 64,
				     AGENT, stub, jump), -ERANGE);
	assert_int_equal(site_encode(&image.plan, CODE + (1ull << 31) + 64,
				     AGENT, stub, jump), -ERANGE);
	assert_int_equal(site_encode(&image.plan, CODE - (1ull << 31) + 64,
				     AGENT, stub, jump), 0);
	/* lea 0x7ffffff0(%rip),%rdi: its operand, from a stub below */
	make_image(&image, BYTES(0x48, 0x8d, 0x3d, 0xf0, 0xff, 0xff, 0x7f));
	assert_int_equal(plan(&image), 0);
	assert_int_equal(site_encode(&image.plan, STUB, AGENT, stub, jump),
			 -ERANGE);
}

static void test_original_ip(void **state)
{
	struct image image;

	(void)state;
	make_image(&image, BYTES(GO_SYSCALL6));
	assert_int_equal(plan(&image), 0);
	assert_int_equal(site_original_ip(&image.plan, 0), CODE + 3);
	assert_int_equal(site_original_ip(&image.plan, 3), CODE + 6);
	assert_int_equal(site_original_ip(&image.plan, 6), CODE + 9);
	assert_int_equal(site_original_ip(&image.plan, 40), CODE + 9);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_form_a), TEST(test_not_form_a), TEST(test_form_b),
		TEST(test_longest), TEST(test_refused), TEST(test_no_syscall),
		TEST(test_branches_into), TEST(test_branches_everywhere),
		TEST(test_uncertain), TEST(test_behind_data),
		TEST(test_start_of_mapping),
		TEST(test_stub_of_form_a), TEST(test_stub_of_form_b),
		TEST(test_rip_relative), TEST(test_out_of_reach),
		TEST(test_original_ip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
