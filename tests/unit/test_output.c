/* Output: whole lines in the file, whatever happens to the device. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sink/sink.h"

static char path[] = "/tmp/kvmtrace-output-XXXXXX";
static struct output output;

static int set_up(void **state)
{
	int fd;

	(void)state;
	strcpy(path + strlen(path) - 6, "XXXXXX");
	fd = mkstemp(path);
	if (fd < 0)
		return -1;
	output_init(&output, fd);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

static char *read_file(size_t *ret_length)
{
	char *bytes = malloc(1 << 20);
	FILE *file = fopen(path, "re");

	assert_non_null(bytes);
	assert_non_null(file);
	*ret_length = fread(bytes, 1, (1 << 20) - 1, file);
	bytes[*ret_length] = '\0';
	fclose(file);
	return bytes;
}

static void write_text(const char *text)
{
	output_write(&output, text, strlen(text));
}

static void test_file(void **state)
{
	size_t length;
	char *bytes;

	(void)state;
	write_text("one\n");
	write_text("two\n");
	assert_int_equal(output_done(&output), 0);
	bytes = read_file(&length);
	assert_string_equal(bytes, "one\ntwo\n");
	free(bytes);
}

/* To a file the pieces are large; a pipe's reader sees each line at once. */
static void test_pipe_gets_each_line(void **state)
{
	char bytes[100];
	int ends[2];

	(void)state;
	output_done(&output);
	assert_int_equal(pipe(ends), 0);
	output_init(&output, ends[1]);
	write_text("one\n");
	assert_int_equal(read(ends[0], bytes, sizeof(bytes)), 4);
	write_text("two\n");
	assert_int_equal(read(ends[0], bytes, sizeof(bytes)), 4);
	assert_memory_equal(bytes, "two\n", 4);
	assert_int_equal(output_done(&output), 0);
	assert_int_equal(read(ends[0], bytes, sizeof(bytes)), 0);
	close(ends[0]);
}

static void test_closed_pipe(void **state)
{
	int ends[2];

	(void)state;
	output_done(&output);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	output_init(&output, ends[1]);
	write_text("one\n");
	assert_int_equal(output.error, EPIPE);
	write_text("two\n");
	write_text("three\n");
	assert_int_equal(output.lost, 3);
	assert_int_equal(output_done(&output), -EPIPE);
}

static void test_full_device(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (fd < 0)
		skip();
	output_done(&output);
	output_init(&output, fd);
	write_text("one\n");
	assert_int_equal(output.error, ENOSPC);
	assert_int_equal(output_done(&output), -ENOSPC);
}

/* In a child, because the limit is the process's. */
static int in_child(void (*work)(void))
{
	int status;
	pid_t child = fork();

	if (!child) {
		struct rlimit limit = { 10000, 10000 };

		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit))
			_exit(99);
		work();
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Lines of 7 bytes: the limit falls into the midst of one. */
static void write_too_many_lines(void)
{
	for (int i = 0; i < 3000; i++) {
		char line[16];

		snprintf(line, sizeof(line), "%06d\n", i);
		write_text(line);
	}
	_exit(output_done(&output) == -EFBIG ? 0 : 1);
}

static void test_full_file_keeps_whole_lines(void **state)
{
	size_t length;
	char *bytes;

	(void)state;
	assert_int_equal(in_child(write_too_many_lines), 0);
	bytes = read_file(&length);
	assert_int_equal(length, 10000 / 7 * 7);
	for (size_t i = 0; i < length / 7; i++) {
		char line[16];

		snprintf(line, sizeof(line), "%06d\n", (int)i);
		assert_memory_equal(bytes + 7 * i, line, 7);
	}
	free(bytes);
	close(output.fd);
}

/* The array is closed in the place that the cut-off line leaves. */
static void write_too_long_an_array(void)
{
	struct line_sink *sink = json_sink_new(&output);

	for (int i = 0; i < 3000; i++)
		sink->ops->line(sink, "{\"a\":1}", 7);
	sink->ops->finish(sink);
	_exit(output_done(&output) == -EFBIG ? 0 : 1);
}

static void test_full_file_keeps_an_array(void **state)
{
	size_t length;
	char *bytes;

	(void)state;
	assert_int_equal(in_child(write_too_long_an_array), 0);
	bytes = read_file(&length);
	assert_true(length > 9000 && length <= 10000);
	assert_memory_equal(bytes, "[{\"a\":1}\n,{\"a\":1}\n", 18);
	assert_string_equal(bytes + length - 10, "{\"a\":1}\n]\n");
	free(bytes);
	close(output.fd);
}

/* Standard output may be a file that others have written to. */
static void test_begins_where_the_file_stands(void **state)
{
	size_t length;
	char *bytes;

	(void)state;
	assert_int_equal(write(output.fd, "before\n", 7), 7);
	output_init(&output, output.fd);
	write_text("after\n");
	assert_int_equal(output_done(&output), 0);
	bytes = read_file(&length);
	assert_string_equal(bytes, "before\nafter\n");
	free(bytes);
}

static void test_large_lines(void **state)
{
	char *line = malloc(300001);
	size_t length;
	char *bytes;

	(void)state;
	assert_non_null(line);
	memset(line, 'q', 300000);
	line[299999] = '\n';
	line[300000] = '\0';
	write_text(line);
	write_text("end\n");
	assert_int_equal(output_done(&output), 0);
	bytes = read_file(&length);
	assert_int_equal(length, 300004);
	assert_memory_equal(bytes, line, 300000);
	free(bytes);
	free(line);
}

static void test_empty_array(void **state)
{
	struct line_sink *sink;
	size_t length;
	char *bytes;

	(void)state;
	sink = json_sink_new(&output);
	sink->ops->finish(sink);
	assert_int_equal(output_done(&output), 0);
	bytes = read_file(&length);
	assert_string_equal(bytes, "[]\n");
	free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_file), TEST(test_pipe_gets_each_line),
		TEST(test_closed_pipe), TEST(test_full_device),
		TEST(test_full_file_keeps_whole_lines),
		TEST(test_full_file_keeps_an_array),
		TEST(test_begins_where_the_file_stands),
		TEST(test_large_lines), TEST(test_empty_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
