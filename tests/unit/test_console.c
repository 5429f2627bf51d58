/* The console: bytes on character ports become lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "annotate/console.h"
#include "records.h"

static struct console *console;
static struct record record;
static struct session_view view;
static uint64_t seq;
static char said[20000];	/* "port:from-to:text|" of each line */

static int set_up(void **state)
{
	(void)state;
	console = console_new();
	seq = 0;
	said[0] = '\0';
	view = (struct session_view){
		.object = { .role = ROLE_VCPU, .device = -1 },
		.has_exit = true,
	};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	console_free(console);
	record_free(&record);
	memset(&record, 0, sizeof(record));
	return 0;
}

static void note_line(void *context, const struct console_line *line)
{
	size_t length = strlen(said);

	assert_ptr_equal(context, said);
	assert_int_equal(line->pid, 100);
	snprintf(said + length, sizeof(said) - length,
		 "%x:%lld-%lld:%.*s|", line->port, (long long)line->from_seq,
		 (long long)line->to_seq, (int)line->length,
		 (const char *)line->text);
}

static void apply(void)
{
	console_apply(console, &record, &view, ++seq, note_line, said);
}

static void write_string(const struct record_file *file, uint16_t port,
			 const char *bytes)
{
	make_port_write(&record, file, port, bytes, (uint32_t)strlen(bytes));
	apply();
}

/* One exit for each byte, as OUT makes. */
static void write_bytes(const struct record_file *file, uint16_t port,
			const char *bytes)
{
	for (; *bytes; bytes++) {
		make_port_write(&record, file, port, bytes, 1);
		apply();
	}
}

static void halt(const struct record_file *file, uint32_t reason)
{
	const struct kvm_run run = { .exit_reason = reason };

	make_run(&record, file, &run, &run, 0);
	apply();
}

static void test_lines(void **state)
{
	(void)state;
	write_bytes(&vcpu_file, 0xe9, "Hi\nyou");
	assert_string_equal(said, "e9:1-3:Hi|");
	write_bytes(&vcpu_file, 0xe9, "\n");
	assert_string_equal(said, "e9:1-3:Hi|e9:4-7:you|");
}

static void test_string_instructions(void **state)
{
	(void)state;
	write_string(&vcpu_file, 0x3f8, "one\ntwo\nth");
	assert_string_equal(said, "3f8:1-1:one|3f8:1-1:two|");
	write_string(&vcpu_file, 0x3f8, "ree\n");
	assert_string_equal(said,
			    "3f8:1-1:one|3f8:1-1:two|3f8:1-2:three|");
}

static void test_empty_lines_count(void **state)
{
	(void)state;
	write_string(&vcpu_file, 0xe9, "\n\n");
	assert_string_equal(said, "e9:1-1:|e9:1-1:|");
}

/* A halt or shutdown ends what was begun; other exits don't. */
static void test_halt(void **state)
{
	(void)state;
	write_bytes(&vcpu_file, 0xe9, "bye");
	halt(&vcpu_file, KVM_EXIT_MMIO);
	assert_string_equal(said, "");
	halt(&vcpu_file, KVM_EXIT_HLT);
	assert_string_equal(said, "e9:1-3:bye|");
	halt(&vcpu_file, KVM_EXIT_HLT);
	assert_string_equal(said, "e9:1-3:bye|");
	write_bytes(&vcpu_file, 0xe9, "x");
	halt(&vcpu_file, KVM_EXIT_SHUTDOWN);
	assert_non_null(strstr(said, ":x|"));
}

static void test_vcpus_and_ports_apart(void **state)
{
	const struct record_file other = {
		.id = 9, .link = "anon_inode:kvm-vcpu:0",
	};

	(void)state;
	write_bytes(&vcpu_file, 0xe9, "ab");
	write_bytes(&other, 0xe9, "12");
	write_bytes(&vcpu_file, 0x3f8, "..");
	halt(&other, KVM_EXIT_HLT);
	assert_string_equal(said, "e9:3-4:12|");
	write_bytes(&vcpu_file, 0xe9, "\n");
	assert_string_equal(said, "e9:3-4:12|e9:1-8:ab|");
	console_flush(console, note_line, said);
	assert_string_equal(said, "e9:3-4:12|e9:1-8:ab|3f8:5-6:..|");
	console_flush(console, note_line, said);
	assert_string_equal(said, "e9:3-4:12|e9:1-8:ab|3f8:5-6:..|");
}

static void test_ports(void **state)
{
	(void)state;
	write_string(&vcpu_file, 0x80, "no\n");
	write_string(&vcpu_file, 0xffff, "no\n");
	assert_string_equal(said, "");
	console_watch(console, 0xffff);
	console_watch(console, 0x402);
	write_string(&vcpu_file, 0xffff, "yes\n");
	write_string(&vcpu_file, 0x402, "bios\n");
	write_string(&vcpu_file, 0, "no\n");
	assert_string_equal(said, "ffff:3-3:yes|402:4-4:bios|");
}

/* Reads, wider writes and failed runs write no characters. */
static void test_what_is_no_character(void **state)
{
	struct kvm_run run = io_run(true, 0xe9, 4, 1);

	(void)state;
	make_run(&record, &vcpu_file, &run, &run, 0);
	add_bytes(&record, PART_RUN_DATA, PHASE_AFTER, DATA_OFFSET, "abc\n", 4);
	apply();
	run = io_run(false, 0xe9, 1, 1);
	make_run(&record, &vcpu_file, &run, &run, 0);
	add_bytes(&record, PART_RUN_DATA, PHASE_AFTER, DATA_OFFSET, "\n", 1);
	apply();
	make_port_write(&record, &vcpu_file, 0xe9, "\n", 1);
	view.has_exit = false;
	apply();
	assert_string_equal(said, "");
}

static void test_missing_data(void **state)
{
	const struct kvm_run run = io_run(true, 0xe9, 1, 1);

	(void)state;
	make_run(&record, &vcpu_file, &run, &run, 0);
	apply();
	console_flush(console, note_line, said);
	assert_string_equal(said, "");
}

/* A guest that never ends its line can't fill the memory. */
static void test_endless_line(void **state)
{
	char *bytes = calloc(1, 3 * CONSOLE_LINE_BYTES);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'z', 3 * CONSOLE_LINE_BYTES - 1);
	write_string(&vcpu_file, 0xe9, bytes);
	assert_int_equal(strlen(said),
			 2 * (strlen("e9:1-1:|") + CONSOLE_LINE_BYTES));
	free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines), TEST(test_string_instructions),
		TEST(test_empty_lines_count), TEST(test_halt),
		TEST(test_vcpus_and_ports_apart), TEST(test_ports),
		TEST(test_what_is_no_character), TEST(test_missing_data),
		TEST(test_endless_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
